"""What an input's own name says: "Kick In", "SN top", "Ac Gtr L", "1. Vl", "Grosse caisse".

A name is cut into words, the longest phrases of the table beside this file (`track_names.toml`) are found in it, and
their meanings are put together: what two words share, else both, but words that lead or yield have their rank.
"""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final, NamedTuple

from ..model.labels import BY_ID, instruments_of

_MOST_CHARACTERS: Final = 128
_MOST_CACHED: Final = 1024
_YIELDS, _PLAIN, _LEADS = range(3)

_SHORTEST_PLURAL: Final = 3
_SHORTEST_GLUED: Final = 3
_SHORTEST_BEFORE_A_MARK: Final = 4

# Letters that no decomposition turns into plain ones.
_PLAIN_LETTERS: Final = str.maketrans(
    {"ø": "o", "Ø": "O", "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ł": "l", "Ł": "L", "ı": "i"}
)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_UMLAUT: Final = re.compile(r"(?<=[aou])e")
_TOKEN: Final = re.compile(r"[a-z]+|[0-9]+")
_SEVERAL: Final = re.compile(r"[/+&]")
_ROMAN: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


class Word(NamedTuple):
    """What a word or phrase of the table may stand for, and its rank among the other words of a name."""

    ids: frozenset[str]
    rank: int


class Vocabulary(NamedTuple):
    """The table, by phrases written as one folded word ("bassclarinet")."""

    words: dict[str, Word]
    endings: frozenset[str]
    longest: int
    """Words in the longest phrase."""


@lru_cache(_MOST_CACHED)
def meant(name: str) -> frozenset[str]:
    """Ids of the labels (instruments and parts) that an input called `name` may carry; empty where it says nothing.

    Any text is taken; what stands after 128 characters is not read. "/", "+" and "&" part two things on one input.
    """
    found: frozenset[str] = frozenset()
    for part in _SEVERAL.split(name[:_MOST_CHARACTERS]):
        found |= _together(_words_in(fold(part)))
    return found


def fold(text: str) -> list[str]:
    """The words and numbers of `text` in small plain letters: no accents, ö as o and oe as o, camelCase parted."""
    decomposed = unicodedata.normalize("NFKD", text)[:_MOST_CHARACTERS]
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign)).translate(_PLAIN_LETTERS)
    tokens = _TOKEN.findall(_CAMEL.sub(" ", plain).casefold())
    return [_ROMAN.get(token) or _UMLAUT.sub("", token) for token in tokens]


def read_table() -> dict[str, Any]:
    """`track_names.toml` as it stands."""
    table = resources.files("earmark.realtime").joinpath("track_names.toml")
    return tomllib.loads(table.read_text(encoding="utf-8"))


def stands_for(heading: str, groups: dict[str, list[str]]) -> frozenset[str]:
    """The labels of a heading of the table: a group, a family's instruments, or the label itself.

    Raises KeyError for a heading that is none of them.
    """
    if heading in groups:
        return frozenset(groups[heading])
    if BY_ID[heading].kind == "family":
        return instruments_of(heading)
    return frozenset({heading})


@cache
def vocabulary() -> Vocabulary:
    table = read_table()
    yields = {"".join(fold(word)) for word in table["yields"]}
    words: dict[str, Word] = {}
    longest = 1
    for heading, languages in table["words"].items():
        ids = stands_for(heading, table["groups"])
        rank = _LEADS if heading in table["leads"] else _PLAIN
        for phrase in (phrase for phrases in languages.values() for phrase in phrases):
            tokens = fold(phrase)
            longest = max(longest, len(tokens))
            key = "".join(tokens)
            known = words.get(key, Word(frozenset(), _YIELDS))
            words[key] = Word(known.ids | ids, _YIELDS if key in yields else max(known.rank, rank))
    return Vocabulary(words, frozenset(table["endings"]), longest)


def _words_in(tokens: list[str]) -> list[Word]:
    """The words of the table in `tokens`, the longest phrase first wherever several begin."""
    # "V1" is a violin or a voice; in "Mix v2" a single letter says nothing.
    alone = sum(token.isalpha() for token in tokens) == 1
    found: list[Word] = []
    start = 0
    while start < len(tokens):
        words, taken = _phrase_at(tokens, start)
        if alone or taken > 1 or len(tokens[start]) > 1:
            found += words
        start += taken
    return found


def _phrase_at(tokens: list[str], start: int) -> tuple[list[Word], int]:
    """The words of the longest phrase that begins at `start`, and how many tokens they take (at least one)."""
    for count in range(min(vocabulary().longest, len(tokens) - start), 0, -1):
        word = _look_up("".join(tokens[start : start + count]))
        if word is not None:
            return [word], count
    return _glued(tokens[start]), 1


def _look_up(text: str) -> Word | None:
    words = vocabulary().words
    word = words.get(text)
    if word is None and len(text) >= _SHORTEST_PLURAL and text.endswith("s"):
        return words.get(text[:-1])
    return word


def _glued(token: str) -> list[Word]:
    """The words of "snaretop" or "leadgitarre": two of the table, or one and a mark; none where that leaves a rest."""
    for cut in range(len(token) - 1, _SHORTEST_GLUED - 1, -1):
        head, tail = _look_up(token[:cut]), token[cut:]
        if head is None:
            continue
        if tail in vocabulary().endings and (cut >= _SHORTEST_BEFORE_A_MARK or len(tail) == 1):
            return [head]
        second = _look_up(tail) if len(tail) >= _SHORTEST_GLUED else None
        if second is not None:
            return [head, second]
    return []


def _together(words: list[Word]) -> frozenset[str]:
    """What words say of one thing: of the highest rank what they share, else all of it; lower ranks only narrow it."""
    said: frozenset[str] = frozenset()
    for rank in (_LEADS, _PLAIN, _YIELDS):
        of_rank: frozenset[str] = frozenset()
        for word in words:
            if word.rank == rank:
                of_rank = (of_rank & word.ids) or (of_rank | word.ids)
        said = (said & of_rank) or said or of_rank
    return said
