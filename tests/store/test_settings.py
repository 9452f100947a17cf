"""Settings that cannot be: each is refused by its name, and no value is shown."""

from pathlib import Path

import pytest

from store.settings import WrongSettings, load_settings


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("GENDAN_TIMEZONE", "Mars", "timezone"),
        ("GENDAN_HTTP_PORT", "99999", "http_port"),
        ("GENDAN_HTTP_PORT", "achtzig", "http_port：要填整数"),
        ("GENDAN_LOG_LEVEL", "loud", "log_level：只能填 'DEBUG'"),
        ("GENDAN_PUBLIC_URL", "gendan.example.org", "public_url：要写完整的网址"),
        ("GENDAN_PUBLIC_URL", "https:///orders", "public_url"),
        ("GENDAN_WECHAT__TEMPLATE_FIELDS", "{geheim", "wechat"),
    ],
)
def test_a_variable_that_cannot_be_read_is_named(name: str, value: str, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings, match=named) as refused:
        load_settings()
    assert value not in str(refused.value)


def test_a_level_may_be_written_in_small_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENDAN_LOG_LEVEL", "warning")
    assert load_settings().log_level == "WARNING"


@pytest.mark.parametrize("content", [b"x = [", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "gendan.toml"
    file.write_bytes(content)
    monkeypatch.setenv("GENDAN_CONFIG", str(file))
    with pytest.raises(WrongSettings) as refused:
        load_settings()
    assert str(file) in str(refused.value)


def test_a_key_of_the_file_that_no_setting_has_is_named_with_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "gendan.toml"
    file.write_text('time_zone = "Asia/Shanghai"\n[wecom]\ncorpid = "ww1"\n[groups.stock]\nplatfrom = "wecom"\n[wat]\n')
    monkeypatch.setenv("GENDAN_CONFIG", str(file))
    with pytest.raises(WrongSettings) as refused:
        load_settings()
    assert "time_zone（是不是 timezone？）、wecom.corpid（是不是 wecom.corp_id？）" in str(refused.value)
    assert "groups.stock.platfrom（是不是 groups.stock.platform？）、wat" in str(refused.value)
