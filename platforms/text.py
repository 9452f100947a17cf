"""A card as text: plain with links (WeCom's text messages) and as Markdown, whole or cut to a number of bytes.

The Markdown is written here since each platform knows another small part of it, and none documents an escape: characters
that would mark something up are replaced by their full-width likeness.
"""

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import Self
from urllib.parse import quote

from platforms.cutting import clip, clip_bytes, size
from platforms.words import Card, CardButton, CardField, CardLink, Tone

TITLE_CHARACTERS = 64
"""Longer titles are cut, the order number kept; three bytes each stay far inside every platform's text."""
_TITLE_BYTES, _MARKUP_BYTES = 3 * TITLE_CHARACTERS + 16, 6
"""What a title takes at most, and what is put around a line."""
BUTTON_CHARACTERS = 40
"""What a numbered answer shows of its button."""

_URL = re.compile(r"(https?://[\w./?=&%:+@~-]+)", re.ASCII)
_UNSAFE_IN_URL = re.compile(r"[^!-~]|[\"'<>()\[\]\\`*]")
_WIDE = str.maketrans("*`[]<>#~|\\", "＊｀［］＜＞＃～｜＼")
_EMPHASIS = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_LIST_MARK = re.compile(r"^\s*[-+=](?=[-+=\s])")
_TAG = re.compile(r"<(?=[a-zA-Z/!?])")


class Plain:
    """Text with `<a href>` links and no other markup."""

    line_break = "\n"

    def safe(self, text: str) -> str:
        """The text with nothing in it that this writing would take for markup."""
        return _TAG.sub("＜", text)

    def title(self, card: Card) -> str:
        title = self.safe(clip(card.title, TITLE_CHARACTERS, card.order_no))
        return f"【{self.safe(card.status)}】{title}" if card.status else title

    def field(self, field: CardField) -> str:
        mark = "！" if field.tone is Tone.ALERT else ""
        return f"{self.safe(field.name)}：{mark}{self.safe(field.value)}"

    def quote(self, text: str) -> str:
        return self.note(text)

    def note(self, text: str) -> str:
        return self.line_break.join(self.safe(line) for line in text.splitlines())

    def line(self, text: str) -> str:
        return f"· {self.safe(text)}"

    def answer(self, number: int, button: CardButton) -> str:
        """How to say by typing what the button does."""
        text = self.safe(clip(button.text, BUTTON_CHARACTERS))
        if button.typed:
            return f"{text}：打“{self.safe(clip(button.typed, BUTTON_CHARACTERS))}”"
        return f"回复 {self.number(number)} {text}"

    def number(self, number: int) -> str:
        return str(number)

    def link(self, link: CardLink) -> str:
        return f'<a href="{safe_url(link.url)}">{self.safe(link.text)}</a>'


class Markdown(Plain):
    """The part of Markdown that WeCom and DingTalk share: heading, bold, quote, list, link."""

    def safe(self, text: str) -> str:
        pieces = _URL.split(text)
        pieces[::2] = [_EMPHASIS.sub("＿", piece.translate(_WIDE)) for piece in pieces[::2]]
        return _LIST_MARK.sub("－", "".join(pieces))

    def title(self, card: Card) -> str:
        return f"### {super().title(card)}"

    def field(self, field: CardField) -> str:
        value = self.safe(field.value)
        return f"{self.safe(field.name)}：{self.toned(value, field.tone)}"

    def toned(self, text: str, tone: Tone) -> str:
        """A value in its tone; there is no colour that both platforms know."""
        return f"**！{text}**" if tone is Tone.ALERT else text

    def quote(self, text: str) -> str:
        return self.line_break.join(f"> {self.safe(line)}" for line in text.splitlines())

    def line(self, text: str) -> str:
        return f"- {self.safe(text)}"

    def number(self, number: int) -> str:
        return f"**{number}**"

    def link(self, link: CardLink) -> str:
        return f"[{self.safe(link.text)}]({safe_url(link.url)})"


def as_text(card: Card, limit_bytes: int | None = None) -> str:
    """The card as plain text with links; buttons are numbered answers."""
    return write(card, Plain(), limit_bytes)


def as_markdown(card: Card, limit_bytes: int | None = None, writing: Markdown | None = None) -> str:
    """The card as Markdown, in a platform's own `writing` if it has one; buttons are numbered answers."""
    return write(card, writing or Markdown(), limit_bytes)


def write(card: Card, writing: Plain, limit_bytes: int | None) -> str:
    """The card in this writing, in at most so many bytes: what matters least is left out, title and answers stay."""
    rows = list(_rows(card, writing, limit_bytes // 6 if limit_bytes else None))
    if limit_bytes is None:
        return writing.line_break.join(rows)
    return clip_bytes(writing.line_break.join(_fitting(rows, size(writing.line_break), limit_bytes)), limit_bytes)


def lines_only(card: Card) -> Card:
    """The card's title and lines, for what stands beside a card that has no room for them."""
    without = {"status": "", "subtitle": "", "emphasis": "", "quote": "", "fields": [], "note": "", "buttons": [], "links": []}
    return card.model_copy(update={**without, "title": f"{card.title}（共{len(card.lines)}行）"})


def in_pieces(card: Card, limit_bytes: int) -> list[list[str]]:
    """The lines by texts of at most so many bytes, for a card without a page whose text has no room for them; else none."""
    if not card.lines or card.links or size(as_text(card)) <= limit_bytes:
        return []
    pieces: list[list[str]] = [[]]
    for line in card.lines:
        if pieces[-1] and sum(size(one) + _MARKUP_BYTES for one in (*pieces[-1], line)) > limit_bytes - _TITLE_BYTES:
            pieces.append([])
        pieces[-1].append(line)
    return pieces


def safe_url(url: str) -> str:
    """The address without characters that could end it inside a text."""
    return _UNSAFE_IN_URL.sub(lambda match: quote(match[0], safe=""), url)


class _Rank(IntEnum):
    """What a row matters when there is little room."""

    STAYS = 0
    LINK = 1
    NOTE = 2
    FIELD = 3
    LINE = 4
    QUOTE = 5


class _Row(str):
    """A row of the text."""

    rank: _Rank

    def __new__(cls, text: str, rank: _Rank) -> Self:
        row = super().__new__(cls, text)
        row.rank = rank
        return row


def _rows(card: Card, writing: Plain, most: int | None) -> Iterator[_Row]:
    """The rows as they stand under each other; none shows more than `most` characters of a text."""

    def brief(text: str) -> str:
        return clip(text, most) if most else text

    yield _Row(writing.title(card), _Rank.STAYS)
    if card.subtitle:
        yield _Row(writing.safe(brief(card.subtitle)), _Rank.FIELD)
    if card.quote:
        yield _Row(writing.quote(brief(card.quote)), _Rank.QUOTE)
    for field in shown_fields(card):
        value = brief(field.value)
        yield _Row(writing.field(field if value == field.value else field.model_copy(update={"value": value})), _Rank.FIELD)
    for line in card.lines:
        yield _Row(writing.line(brief(line)), _Rank.LINE)
    if card.note:
        yield _Row(writing.note(brief(card.note)), _Rank.NOTE)
    for number, button in enumerate(card.buttons, start=1):
        yield _Row(writing.answer(number, button), _Rank.STAYS)
    for link in card.links:
        yield _Row(writing.link(link), _Rank.LINK)


def shown_fields(card: Card) -> list[CardField]:
    """The fields, with the emphasis in front as one of them where a form has no other place for it."""
    if not card.emphasis:
        return card.fields
    return [CardField(name=card.emphasis_label or "重点", value=card.emphasis), *card.fields]


def _fitting(rows: list[_Row], gap: int, limit: int) -> list[str]:
    """The rows that have room, the first lines followed by 等N行 when some are left out."""
    if sum(size(row) + gap for row in rows) <= limit:
        return list(rows)
    more = f"等{sum(row.rank is _Rank.LINE for row in rows)}行"
    room = limit - size(more) - gap
    shown = set()
    for position, row in sorted(enumerate(rows), key=lambda placed: placed[1].rank):
        room -= size(row) + gap
        if room < 0 and row.rank is not _Rank.STAYS:
            break
        shown.add(position)
    left_out = next((position for position, row in enumerate(rows) if row.rank is _Rank.LINE and position not in shown), None)
    return [more if position == left_out else row for position, row in enumerate(rows) if position in shown or position == left_out]
