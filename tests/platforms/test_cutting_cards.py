"""Texts are cut without breaking a character or losing the word that must stay."""

from hypothesis import given
from hypothesis import strategies as st

from platforms.cutting import clean, clip, clip_bytes, one_line, size

ORDER_NO = "SO260302-0007"


def test_a_text_that_fits_stays_as_it_is() -> None:
    assert clip("锐固建材", 4) == "锐固建材"
    assert clip_bytes("锐固建材", 12) == "锐固建材"


def test_a_cut_text_says_so() -> None:
    assert clip("锐固建材有限公司", 5) == "锐固建材…"
    assert clip_bytes("锐固建材有限公司", 11) == "锐固…"


def test_the_word_that_must_stay_pushes_out_what_stands_before_it() -> None:
    assert clip(f"请转告浙江锐固建材贸易有限公司：{ORDER_NO} 已发货", 16, ORDER_NO) == f"{ORDER_NO} 已…"


@given(st.text(), st.integers(1, 60))
def test_no_cut_is_longer_than_allowed(text: str, limit: int) -> None:
    assert len(clip(text, limit)) <= limit
    assert size(clip_bytes(text, limit)) <= limit


@given(st.text(), st.text(), st.integers(len(ORDER_NO), 60))
def test_the_word_stays_wherever_it_stood(before: str, after: str, limit: int) -> None:
    assert ORDER_NO in clip(before + ORDER_NO + after, limit, ORDER_NO)


def test_what_nobody_sees_is_taken_out() -> None:
    assert one_line("锐固\x00建材\u202e\ufeff\ud800\r\n二部") == "锐固建材 二部"
    assert clean("第一行\r\n第二行\u2028第三行\x07") == "第一行\n第二行\n第三行"


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
