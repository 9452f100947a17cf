"""Changes of an order besides its lines: day, price, address, receiver, carrier, pickup, urgency, notes, all quantities at once."""

import re
from collections.abc import Iterable
from decimal import Decimal

from language import marks, remarks
from language.day_meant import take_day
from language.delivery import is_denied
from language.lexer import Kind, Piece
from language.numbers import match_number
from language.phrases import phrase
from language.reading import Change, SaidDay
from language.slate import Slate

_CLAUSE = re.compile(r"[^,;\n|]+")
_TWO_COUNTS = re.compile("[一两二][两三]|[三四五六七八][四五六七八九]")


def without_old(slate: Slate) -> Slate:
    """The same text with the new alone, where a term of the order is put right: 电话不是…,是… is 电话改成…."""
    found = list(phrase("not_but").finditer(slate.plain))
    starts, ends = [0, *(match.end() for match in found)], [*(match.start() for match in found), len(slate.shown)]
    put = [f"{match['what']}改成" if match["what"] else "改送到" for match in found]
    return slate.part("".join(slate.shown[start:end] + new for start, end, new in zip(starts, ends, [*put, ""]))) if found else slate


def take_changes(slate: Slate) -> list[Change]:
    """Every such change that the text makes, wiped off; what is left may change lines."""
    found: list[Change] = []
    for take in (_take_receiver, _take_address, _take_price, _take_shift, _take_ratio, _take_carriage, _take_flags, _take_note, _take_day):
        found += take(slate)
    return found


def _take_receiver(slate: Slate) -> Iterable[Change]:
    if contact := slate.take_group(phrase("contact"), "named", "titled"):
        yield Change(op="set_contact", value=contact)
    if phone := slate.take_group(phrase("phone"), "phone"):
        yield Change(op="set_phone", value=phone)


def _take_address(slate: Slate) -> Iterable[Change]:
    """送到… behind 地址换一下, else what stands behind the word."""
    noun = slate.take(phrase("address"))
    if place := slate.take_group(phrase("brought"), "place"):
        yield Change(op="set_address", value=place)
    elif noun and (found := phrase("behind_address").match(slate.plain, noun.end())):
        value = slate.said(*found.span("place"))
        slate.wipe(*found.span())
        yield Change(op="set_address", value=value)


def _take_price(slate: Slate) -> Iterable[Change]:
    found = slate.take(phrase("price")) or slate.take(phrase("price_by"))
    if found:
        yield Change(op="set_price", price=_money(found))


def _money(found: re.Match[str]) -> Decimal:
    if found["jiao"]:
        return _digit(found["jiao"]) / 10 + (_digit(found["fen"]) / 100 if found["fen"] else 0)
    return Decimal(found["yuan"]) + (Decimal(f"0.{found['tenth']}") if found["tenth"] else 0)


def _digit(said: str) -> Decimal:
    number = match_number(said, 0)
    return number[0] if number else Decimal(0)


def _take_shift(slate: Slate) -> Iterable[Change]:
    found = slate.take(phrase("shift"))
    if not found or not (found["count"] or found["half"] or found["few"]):
        return
    if found["few"] or _TWO_COUNTS.search(found["count"] or ""):
        yield Change(op="set_date", day=SaidDay(said=found.group()))  # 晚几天: how many is asked
        return
    count = Decimal("0.5") if found["half"] or found["count"] == "半" else _digit(found["count"])
    days = count * (1 if found["unit"] in "天日" else 7) + (Decimal("0.5") if found["more"] else 0)
    yield Change(op="shift_date", days=int(days.to_integral_value(rounding="ROUND_CEILING")) * (1 if found["later"] else -1))


def _take_ratio(slate: Slate) -> Iterable[Change]:
    for name, factor in (("doubled", Decimal(2)), ("halved", Decimal("0.5"))):
        if slate.take(phrase(name)):
            yield Change(op="scale", factor=factor)
            return
    if found := slate.take(phrase("times")):
        yield Change(op="scale", factor=_digit(found["count"]))
    elif found := slate.take(phrase("share")):
        share = _digit(found["tenths"]) / 10 if found["tenths"] else Decimal(found["percent"]) / 100
        yield Change(op="scale", factor=1 - share if found["less"] else 1 + share)


def _take_carriage(slate: Slate) -> Iterable[Change]:
    """Who carries it now: the last one that is named and not turned down (别走德邦了,换中通)."""
    found = list(phrase("carriage").finditer(slate.plain))
    wanted = [slate.said(*carrier.span("name")) for carrier in found if not is_denied(slate.plain, carrier)]
    slate.wipe_all([carrier.span() for carrier in found])
    if wanted:
        yield Change(op="set_carrier", value=wanted[-1])


def _in_part_given_up(text: str, at: int) -> re.Match[str] | None:
    """取消这单的加急: what stands there is given up."""
    part = phrase("part_only").search(text)
    return part if part and part.start() <= at < part.end() else None


def _take_flags(slate: Slate) -> Iterable[Change]:
    slate.take(phrase("no_pickup"))
    for name in ("pickup", "free_shipping", "urgent"):
        found = phrase(name).search(slate.plain)
        if found:
            before = slate.plain[max(0, found.start() - 8) : found.start()]
            given_up = name == "pickup" and phrase("given_up").match(slate.plain, found.end())
            given_up = given_up or _in_part_given_up(slate.plain, found.start())
            slate.wipe(*found.span())
            if not (given_up or phrase("not").search(before) or phrase("was").search(before)):
                yield Change(op=f"set_{name}")


def _take_note(slate: Slate) -> Iterable[Change]:
    """备注 and what follows, or a clause that speaks of packing, papers or work on the goods."""
    if note := marks.take_remarks(slate):
        yield Change(op="set_note", value=note)
        return
    if terms := remarks.take_terms(slate):
        yield Change(op="set_note", value=";".join(terms))
        return
    clauses = [found for found in _CLAUSE.finditer(slate.plain) if _is_note(slate, found.group())]
    if clauses:
        value = marks.without_thanks(slate.said(clauses[0].start(), clauses[-1].end()).strip(" ,;"))
        for found in clauses:
            slate.wipe(*found.span())
        yield Change(op="set_note", value=value)


def _is_note(slate: Slate, clause: str) -> bool:
    """True when packing, papers and the like are spoken of, and it is no product that is called so."""
    found = phrase("note").search(clause)
    if not found:
        return remarks.instructs_packing(slate, clause)
    pieces = slate.finder.cut(clause)
    return not any(piece.start < found.end() and found.start() < piece.end and slate.finder.knows(piece) for piece in pieces)


def _take_day(slate: Slate) -> Iterable[Change]:
    """The new day; of several the one that is not the old. 换成6号的 is no day where products are numbered so, nor 今天只要5盒."""
    slate.take(phrase("said_today"))
    numbered = phrase("numbered").search(slate.plain)
    if numbered and slate.finder.knows(Piece(Kind.OTHER, numbered.group(), *numbered.span())):
        return
    for day in slate.days:
        if phrase("was").search(slate.plain[max(0, day.start - 8) : day.start]):
            slate.wipe(day.start, day.end)
    if said := take_day(slate):
        yield Change(op="set_date", day=said)
