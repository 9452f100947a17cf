"""How words sound, so that a word that was typed by its sound (螺拴, 镀辛) is known.

pypinyin knows the readings of the characters; that two words are the same when their syllables are, without tones, is ours: its
fuzzy modes and rapidfuzz's distances would take 八 for 百 and 304 for 316, which are different goods.
"""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

_FIRST, _LAST = "\u4e00", "\u9fff"


@lru_cache(maxsize=16_384)
def syllable(character: str) -> str:
    """The most common reading of one character, without its tone; empty for what is no hanzi."""
    if not is_hanzi(character):
        return ""
    return str(lazy_pinyin(character, style=Style.NORMAL)[0])


def is_hanzi(character: str) -> bool:
    """True for one character of Chinese writing."""
    return _FIRST <= character <= _LAST


def sound(word: str) -> str:
    """The syllables of a word of hanzi, empty when it holds anything else."""
    said = [syllable(character) for character in word]
    return "'".join(said) if all(said) else ""
