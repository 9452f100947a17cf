"""The corpus of order messages, read and scored by its own score.py."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from language.answers import Answers
from language.tables import tables_of

CORPUS = Path(__file__).with_name("corpus")
BASE_DAY = date(2026, 3, 2)


def parsed(name: str) -> Any:
    return json.loads((CORPUS / name).read_text(encoding="utf-8"))


def test_the_corpus_is_read(tmp_path: Path) -> None:
    answers = Answers(tables_of(parsed("products.json"), parsed("customers.json")))
    messages = [json.loads(line) for line in (CORPUS / "orders-dev.jsonl").read_text(encoding="utf-8").splitlines()]
    written = tmp_path / "answers.jsonl"
    written.write_text("\n".join(json.dumps(answers.of(message, BASE_DAY)) for message in messages), encoding="utf-8")
    command = [sys.executable, CORPUS / "score.py", CORPUS / "orders-dev.jsonl", written]
    scored = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    print(f"\n{scored}")
    right, _total, wrong, needless = re.findall(r"right ([\d.]+)% of (\d+); wrong actions (\d+); needless questions (\d+)", scored)[0]
    assert int(wrong) <= 0
    assert int(needless) <= 1
    assert float(right) >= 99
