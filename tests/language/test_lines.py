"""Products with their quantities, however they are strung together."""

from decimal import Decimal

import pytest

from language import Catalogue
from tests.language.conftest import reading, settled


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("×500支", "500", "支"),
        (" 500支", "500", "支"),
        (" 500 支", "500", "支"),
        ("*５００支", "500", "支"),
        (" 1,000支", "1000", "支"),
        (" 3箱", "3", "箱"),
        (" 两箱", "2", "箱"),
        (" 半箱", "0.5", "箱"),
        (" 两箱半", "2.5", "箱"),
        (" 1千支", "1000", "支"),
        (" 5千", "5000", None),
        (" 5千5支", "5500", "支"),
        (" 1.5万", "15000", None),
        (" 2k支", "2000", "支"),
        (" 3w", "30000", None),
        (" 一百支", "100", "支"),
        (" 一千二", "1200", None),
        (" 500", "500", None),
        (" 2扎", "2", "扎"),
        (" 0支", "0", "支"),
        (" -3支", "-3", "支"),
        (" 0.5 支", "0.5", "支"),
        (" 1e12支", "1000000000000", "支"),
        (" 500支 3箱", None, None),
        ("", None, None),
    ],
)
def test_quantity(catalogue: Catalogue, text: str, quantity: str | None, unit: str | None) -> None:
    assert settled(reading(f"下单 锐固 M12×80镀锌螺栓{text}", catalogue)) == [("HB-M12x80-Z", quantity, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "M12×80镀锌 500支，M8螺母镀锌 1000个",
        "M12×80镀锌500支、M8螺母镀锌1000个",
        "M12×80镀锌 500支；M8螺母镀锌 1000个",
        "M12×80镀锌 500支\nM8螺母镀锌 1000个",
        "M12×80镀锌 500支+M8螺母镀锌 1000个",
        "M12×80镀锌 500支 M8螺母镀锌 1000个",
        "\n1、M12×80镀锌 500支\n2、M8螺母镀锌 1000个",
        "500支M12×80镀锌，1000个M8螺母镀锌",
    ],
)
def test_several_lines(catalogue: Catalogue, text: str) -> None:
    assert settled(reading(f"下单 锐固 {text}", catalogue)) == [("HB-M12x80-Z", "500", "支"), ("NT-M8-Z", "1000", "个")]


def test_a_number_that_belongs_to_the_product_is_no_quantity(catalogue: Catalogue) -> None:
    read = reading("下单 锐固 切割片 125 50盒 M8×30 304 500支", catalogue)
    assert settled(read) == [
        ("CD-125", "50", "盒"),
        ("HB-M8x30-304", "500", "支"),
    ]


def test_a_size_and_a_quantity_behind_one_sign(catalogue: Catalogue) -> None:
    assert settled(reading("下单 锐固 M8*40*500支", catalogue)) == [("HB-M8x40-Z", "500", "支")]
    assert settled(reading("下单 锐固 M8*30*500支 镀锌", catalogue)) == [("HB-M8x30-Z", "500", "支")]
    assert settled(reading("下单 锐固 M12*80镀锌*500", catalogue)) == [("HB-M12x80-Z", "500", None)]


def test_prices_and_processes_go_to_their_lines(catalogue: Catalogue) -> None:
    read = reading("下单 锐固 M12×80镀锌 500支 单价1.35 工艺:去毛刺、磷化，M8螺母镀锌 1000个 @0.12", catalogue)
    assert [(str(line.price), line.processes) for line in read.lines] == [("1.35", ("去毛刺", "磷化")), ("0.12", ())]


@pytest.mark.parametrize(
    ("text", "number", "unit", "plus", "about"),
    [
        ("M12×80镀锌 1箱零2盒", "1", "箱", ("2", "盒"), False),
        ("M12×80镀锌 1箱2盒", "1", "箱", ("2", "盒"), False),
        ("M12×80镀锌 一箱零五十支", "1", "箱", ("50", "支"), False),
        ("M12×80镀锌 2箱又3盒左右", "2", "箱", ("3", "盒"), True),
        ("M12×80镀锌 500支左右", "500", "支", None, True),
        ("M12×80镀锌×500支左右", "500", "支", None, True),
        ("M12×80镀锌 大概500支", "500", "支", None, True),
        ("约500支 M12×80镀锌", "500", "支", None, True),
        ("M12×80镀锌 500支", "500", "支", None, False),
        ("M12×80镀锌 500支 300支", None, None, None, False),
    ],
)
def test_quantities_in_two_units_and_rough_ones(
    catalogue: Catalogue, text: str, number: str | None, unit: str | None, plus: tuple[str, str] | None, about: bool
) -> None:
    read = reading(f"下单 锐固 {text}", catalogue)
    assert settled(read) == [("HB-M12x80-Z", number, unit)]
    (line,) = read.lines
    assert line.plus == (plus and (Decimal(plus[0]), plus[1]))
    assert line.about == about
    assert read.unread == ()
