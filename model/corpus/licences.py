"""Which licences a corpus may hold: `no-nc,no-gpl` keeps out what its words name."""

import re

from ..errors import UsageError
from .manifest import is_non_commercial


def unwanted(text: str) -> frozenset[str]:
    """Words of licences to keep out, in lower case, from a list such as "no-nc,no-gpl"; "any" keeps all.

    Raises UsageError for anything else.
    """
    if text == "any":
        return frozenset()
    words = [word.strip().lower() for word in text.split(",")]
    if not all(re.fullmatch(r"no-[a-z]+", word) for word in words):
        raise UsageError(f'--licences is "any" or a list such as "no-nc,no-gpl", not {text!r}')
    return frozenset(word.removeprefix("no-") for word in words)


def is_wanted(licence: str, words: frozenset[str]) -> bool:
    """False where the licence names one of the words; "nc" means all that is for no commerce, research included."""
    named = set(re.findall(r"[a-z]+", licence.lower()))
    return not (named & words) and not ("nc" in words and is_non_commercial(licence))
