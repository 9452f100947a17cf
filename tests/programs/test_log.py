"""The log: one JSON object a line, from our code and from libraries, without secrets and telephone numbers."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.support.product import ROOT

HIDDEN = "s3cr3t"
_PREPARE = "import logging, structlog; from store import log; log.configure(); desk = structlog.get_logger('desk')"


def _logged(*statements: str) -> list[dict[str, Any]]:
    """What a program writes to standard error that is set up like ours and does this."""
    script = "\n".join([_PREPARE, *statements])
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_lines_are_json_with_what_was_said() -> None:
    ours, theirs = _logged(
        "desk.info('delivered', order='SO260302-0007', waybill='SF1234567890123', stage='已发货')",
        "logging.getLogger('library').warning('slow: %s s', 3)",
    )
    assert (ours["event"], ours["level"], ours["order"], ours["stage"]) == ("delivered", "info", "SO260302-0007", "已发货")
    assert ours["waybill"] == "SF1234567890123", "eleven digits inside a longer number are no telephone"
    assert (theirs["event"], theirs["logger"]) == ("slow: 3 s", "library")


@pytest.mark.parametrize(
    "values",
    [
        {"secret": HIDDEN},
        {"headers": {"Authorization": f"Bearer {HIDDEN}"}},
        {"rows": [{"phone": HIDDEN}]},
        {"customer_address": HIDDEN},
        {"url": f"https://api.example.com/send?access_token={HIDDEN}&x=1"},
        {"url": f"postgresql+psycopg://gendan:{HIDDEN}@db/gendan"},
        {"url": f"redis://:{HIDDEN}@db:6379"},
    ],
)
def test_secrets_are_hidden(values: dict[str, object]) -> None:
    (line,) = _logged(f"desk.warning('odd', **{values!r})")
    assert HIDDEN not in json.dumps(line)


def test_telephone_numbers_and_secrets_inside_texts_and_traces_are_hidden() -> None:
    said, broke = _logged(
        "desk.info('请打13812345678找他')",
        "try: raise ValueError('https://api.example.com/?corpsecret=s3cr3t')\nexcept ValueError: desk.exception('broke')",
    )
    assert said["event"] == "请打138****5678找他"
    assert "ValueError" in broke["exception"]
    assert HIDDEN not in broke["exception"]
