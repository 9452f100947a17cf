"""Only DingTalk's own, fresh calls are let in."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from platforms.dingtalk.sign import OLDEST, card_secret, check_card, check_robot
from platforms.words import Rejected
from sandbox import signing

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SECRET = "ding-secret"
Check = Callable[[Mapping[str, str], str, datetime], None]


def milliseconds(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))


def robot(timestamp: str) -> dict[str, str]:
    return {"timestamp": timestamp, "sign": signing.dingtalk_sign(SECRET, timestamp)}


def card(timestamp: str) -> dict[str, str]:
    return {"x-ddpaas-signature-timestamp": timestamp, "x-ddpaas-signature": signing.dingtalk_card_sign(card_secret(SECRET), timestamp)}


DOORS = [(check_robot, robot), (check_card, card)]


@pytest.mark.parametrize(("check", "headers"), DOORS)
def test_a_fresh_call_is_let_in(check: Check, headers: Callable[[str], dict[str, str]]):
    check(headers(milliseconds(NOW - OLDEST + timedelta(seconds=1))), SECRET, NOW)


@pytest.mark.parametrize(("check", "headers"), DOORS)
@pytest.mark.parametrize("away", [OLDEST + timedelta(seconds=1), -OLDEST - timedelta(seconds=1)])
def test_a_stale_one_is_not(check: Check, headers: Callable[[str], dict[str, str]], away: timedelta):
    with pytest.raises(Rejected) as rejected:
        check(headers(milliseconds(NOW - away)), SECRET, NOW)
    assert rejected.value.status == 401


@pytest.mark.parametrize(("check", "headers"), DOORS)
def test_a_wrong_or_missing_signature_is_not(check: Check, headers: Callable[[str], dict[str, str]]):
    right = headers(milliseconds(NOW))
    wrong = [dict.fromkeys(right, ""), {}, {name: value[:-1] for name, value in right.items()}, dict.fromkeys(right, "\udcff签")]
    for given in wrong:
        with pytest.raises(Rejected) as rejected:
            check(given, SECRET, NOW)
        assert rejected.value.status == 401


def test_the_card_secret_is_the_apps_own_and_does_not_show_it():
    assert card_secret("a") == card_secret("a") != card_secret("b")
    assert SECRET not in card_secret(SECRET)
