"""Making a text fit: cleaned of what no platform shows, and cut by characters or bytes without breaking a character.

Written here since `textwrap.shorten` counts neither bytes nor knows which word must stay.
"""

import re

ELLIPSIS = "…"

_UNSEEN = re.compile(
    r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""Control characters, lone surrogates and what XML 1.0 forbids; and invisible marks that turn the direction of writing."""
_BREAK = re.compile(r"[\r\u2028\u2029]\n?")


def clean(text: str) -> str:
    """The text without unseen characters and outer space, its lines ended by a plain line feed."""
    if text.isprintable():  # all that is cut out below is not
        return text.strip()
    return _UNSEEN.sub("", _BREAK.sub("\n", text)).strip()


def one_line(text: str) -> str:
    """The clean text on one line, single-spaced."""
    if text.isprintable() and "  " not in text:  # as nearly all are
        return text.strip()
    return " ".join(clean(text).split())


def clip(text: str, characters: int, keep: str = "") -> str:
    """The text in at most so many characters, `…` where it was cut.

    `keep`, if the text names it and there is room for it, stays: what stood before it gives way.
    """
    if len(text) <= characters:
        return text
    cut = text[: characters - 1].rstrip() + ELLIPSIS
    if keep in text and keep not in cut and len(keep) <= characters:
        return clip(text[text.index(keep) :], characters, keep) if len(keep) < characters else keep
    return cut


def clip_bytes(text: str, limit: int) -> str:
    """The text in at most so many bytes of UTF-8, `…` where it was cut."""
    if size(text) <= limit:
        return text
    kept = text.encode()[: max(limit - size(ELLIPSIS), 0)].decode(errors="ignore")
    return kept.rstrip() + ELLIPSIS if limit >= size(ELLIPSIS) else kept


def size(text: str) -> int:
    """Bytes of UTF-8."""
    return len(text.encode())
