"""What a customer's template message (模板消息) of the WeChat service account carries.

Limits go by a field's kind, which its name begins with (the account's template message guide, and the parameter table that it
shares with subscribe messages). What is too long is cut or refused without a word there, so it is cut here.
"""

import re
from collections.abc import Mapping
from datetime import date

from platforms.cutting import clip, one_line

CHARACTERS = {"character_string": 32, "phrase": 5, "name": 10}
"""Characters that a kind takes; every field is one line."""
OTHER_CHARACTERS = 20
"""thing and all others; since 2023-05-04 no field shows more."""
CARRIES_ORDER = ("character_string", "thing")
"""The kinds that take the letters, digits and dashes of an order number."""
CARRIES_DATE = ("date", "time", "thing")
END_OF_DAY = "23:59"
"""What makes a day a moment; the parameter table shows no `time` without one."""

_PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]")
"""Refused in every field since 2023-05-04."""
_NOT_ASCII = re.compile(r"[^ -~]")
_NOT_CHINESE = re.compile(r"[^\u3400-\u9fff]")


def template_data(progress: Mapping[str, str], fields: Mapping[str, str], *, moments: bool = False) -> dict[str, dict[str, str]]:
    """`data` of a template message from a progress card's data; `fields` says which of ours goes into which of theirs.

    Ours are order, stage, date and note; the note is the waybill once there is one (and it fits), else where the order is. A field
    without a value is left out. A template without a field for the order number has it in front of its note. With `moments`, a
    `time` has the end of the day behind its date.
    """
    note = _note(progress) if fields.get("order") else f"{progress['order_no']} {_note(progress)}"
    day = _day(progress["date"], kind_of(fields.get("date", "")), moments)
    ours = {"order": progress["order_no"], "stage": progress["stage_name"], "date": day, "note": note}
    shown = {fields[name]: _fitting(value, kind_of(fields[name])) for name, value in ours.items() if fields.get(name)}
    return {theirs: {"value": value} for theirs, value in shown.items() if value}


def misfits(fields: Mapping[str, str]) -> list[str]:
    """What is wrong with a configured mapping, in words; empty when nothing is."""
    wrong = []
    if fields.get("order") and kind_of(fields["order"]) not in CARRIES_ORDER:
        wrong.append(f"{fields['order']} 放不下单号，请换成 character_string 或 thing 开头的字段")
    if fields.get("date") and kind_of(fields["date"]) not in CARRIES_DATE:
        wrong.append(f"{fields['date']} 放不下日期，请换成 date、time 或 thing 开头的字段")
    if not fields.get("order") and kind_of(fields.get("note", "")) != "thing":
        wrong.append("没有字段放单号")
    return wrong


def kind_of(field: str) -> str:
    """`thing` for thing2."""
    return field.rstrip("0123456789")


def most(kind: str) -> int:
    """Characters that a field of this kind shows."""
    return CHARACTERS.get(kind, OTHER_CHARACTERS)


def _note(progress: Mapping[str, str]) -> str:
    waybill = progress["waybill"]
    told = (f"{progress['carrier']} {waybill}".strip(), waybill) if waybill else ()
    return next((text for text in told if len(text) <= OTHER_CHARACTERS), progress["where"])


def _day(iso: str, kind: str, moments: bool) -> str:
    if not iso:
        return "待定" if kind == "thing" else ""
    day = date.fromisoformat(iso)
    said = f"{day.year}年{day.month}月{day.day}日"
    return f"{said} {END_OF_DAY}" if moments and kind == "time" else said


def _fitting(value: str, kind: str) -> str:
    text = one_line(_PICTURES.sub("", value))
    if kind == "phrase":
        return _NOT_CHINESE.sub("", text)[: most(kind)]
    if kind == "character_string":
        return _NOT_ASCII.sub("", text)[: most(kind)]
    return clip(text, most(kind))
