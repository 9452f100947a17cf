"""Days of the firm, round after round: anybody is killed at any moment, and the platforms have their bad days (`make soak`).

`SOAK_SECONDS` says how long for each database, `SOAK_SEED` which blows and faults: a failure prints the seed and what was
done when, and is played again by its seed.
"""

import os
import secrets
import time
from functools import partial
from random import Random

import pytest

from sandbox.faults import Fault
from tests.scenes.conftest import Desk
from tests.scenes.day import Day, Trouble, survive
from tests.support.killing import VICTIMS, Blow, Killer

_SECONDS = float(os.environ.get("SOAK_SECONDS", "300"))
_SEED = os.environ.get("SOAK_SEED") or secrets.token_hex(4)
_PATIENCE = 240
"""Seconds: a message of which two sendings had no known outcome waits two minutes for its third."""
_MOST_BLOWS, _MOST_FAULTS = 3, 3
_FIRST_BLOWS = (0.1, 1.0, 5.0)
"""Seconds within which a blow falls: amid a callback, amid the sending, or while the desk recovers from the last."""
FAULTS = (
    ("wecom message/send", ("drop", "drop_after", "slow", "html502", "busy", "token_death", "45009")),
    ("wecom message/update_template_card", ("drop_after", "html502", "token_death")),
    ("dingtalk /v1.0/robot", ("drop", "drop_after", "slow", "qps", "html502", "token_death")),
    ("dingtalk /v1.0/card/instances", ("drop_after", "slow", "qps", "busy")),
    ("dingtalk /v1.0/todo", ("drop_after", "html502", "qps")),
    ("dingtalk /robot/send", ("drop", "drop_after", "slow", "html502")),
    ("wechat message/template/send", ("drop", "drop_after", "slow", "html502", "busy", "token_death")),
    ("kuaidi100", ("drop", "drop_after", "slow", "html502")),
    ("gettoken", ("drop", "slow", "html502", "busy")),
)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_no_day_leaves_anything_undone(desk: Desk, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id
    end = time.monotonic() + _SECONDS
    confirmed: list[str] = []
    rounds = 0
    while time.monotonic() < end:
        rounds += 1
        random = Random(f"{_SEED}:{name}:{rounds}")
        killer = Killer(desk.product, desk.redis, random)
        try:
            survive(Day(desk, confirmed, _PATIENCE), killer, partial(_trouble, random), _PATIENCE)
        finally:
            print(f"SOAK_SEED={_SEED} {name}, round {rounds}", *killer.told, sep="\n")
    print(f"SOAK_SEED={_SEED} {name}: {rounds} rounds, {len(confirmed)} orders, nothing undone, nothing double")


def _trouble(random: Random, _act: str) -> Trouble:
    blows = [Blow(random.choice(VICTIMS), random.uniform(0, random.choice(_FIRST_BLOWS))) for _ in range(random.randint(0, _MOST_BLOWS))]
    platforms = random.sample(FAULTS, random.randint(0, _MOST_FAULTS))
    return Trouble(blows, [Fault(where, random.choice(kinds), seconds=random.uniform(1, 6)) for where, kinds in platforms])
