"""A product is settled when every word and size typed is found in exactly one; else a choice is offered."""

import pytest

from language import Catalogue
from language.text import clean, plain
from tests.language.conftest import CODES


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("M12×80镀锌螺栓", "HB-M12x80-Z"),
        ("镀锌螺栓 M12×80", "HB-M12x80-Z"),
        ("Ｍ１２Ｘ８０　镀锌", "HB-M12x80-Z"),
        ("m12*80白锌", "HB-M12x80-Z"),
        ("M12 ＊ 80 电镀锌", "HB-M12x80-Z"),
        ("M12乘80镀锌", "HB-M12x80-Z"),
        ("M12-80 镀锌", "HB-M12x80-Z"),
        ("12x80镀锌", "HB-M12x80-Z"),
        ("M12×8公分 镀锌", "HB-M12x80-Z"),
        ("银锌 M12×80", "HB-M12x80-Z"),
        ("M12×80热镀锌", "HB-M12x80-HDG"),
        ("M12×80 HDG", "HB-M12x80-HDG"),
        ("M12×80 8.8级", "HB-M12x80-HDG"),
        ("M8×30 不锈钢", "HB-M8x30-304"),
        ("8*40的镀锌螺丝", "HB-M8x40-Z"),
        ("M8螺母304的", "NT-M8-304"),
        ("M10螺母镀锌", "NT-M10-Z"),
        ("M10花齿螺母", "NF-M10-Z"),
        ("法兰螺帽", "NF-M10-Z"),
        ("切割片125的", "CD-125"),
        ("2寸铁钉", "NA-50"),
        ("卡扣φ8", "AI-CL-08"),
        ("直径10 卡子", "AI-CL-10"),
        ("4分球阀", "BV-DN15"),
        ("生料带 20m", "TP-20"),
        ("hb-m8x30-z", "HB-M8x30-Z"),
        ("地脚 M16×400", "ST-16x400"),
    ],
)
def test_settles_what_only_one_product_is(catalogue: Catalogue, phrase: str, code: str) -> None:
    assert CODES.get(catalogue.product_index.find(plain(clean(phrase))).id or 0) == code


@pytest.mark.parametrize(
    ("phrase", "offered"),
    [
        ("M12×80", {"HB-M12x80-Z", "HB-M12x80-HDG"}),
        ("M8×30", {"HB-M8x30-Z", "HB-M8x30-304"}),
        ("M8螺母", {"NT-M8-Z", "NT-M8-304"}),
        ("卡子", {"AI-CL-08", "AI-CL-10"}),
        ("M12×80 304", {"HB-M12x80-Z", "HB-M12x80-HDG"}),
        ("M8×40热镀锌", {"HB-M8x40-Z"}),
        ("M14×60镀锌", set()),
        ("没有这个东西", set()),
    ],
)
def test_never_takes_another_size_finish_or_material(catalogue: Catalogue, phrase: str, offered: set[str]) -> None:
    match = catalogue.product_index.find(plain(clean(phrase)))
    assert match.id is None
    assert {CODES[candidate] for candidate in match.candidates} == offered
