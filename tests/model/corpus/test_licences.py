"""Which licences are kept out."""

import pytest

from earmark.model.corpus.licences import is_wanted, unwanted
from earmark.model.errors import UsageError


@pytest.mark.parametrize(
    ("text", "licence", "wanted"),
    [
        ("any", "CC-BY-NC-SA 4.0", True),
        ("no-nc", "CC-BY-NC-SA 4.0", False),
        ("no-nc", "research demo (KAIST)", False),
        ("no-nc", "CC-BY-SA 3.0", True),
        ("no-nc,no-gpl", "GPL-2+ (OpenMSX)", False),
        ("no-sa", "MIT / CC-BY-SA 3.0 (Musyng Kite)", False),
        ("no-gpl", "MIT (FluidR3 GM, Frank Wen)", True),
    ],
)
def test_words_keep_out_what_they_name(text: str, licence: str, wanted: bool) -> None:
    assert is_wanted(licence, unwanted(text)) is wanted


def test_other_words_are_refused() -> None:
    with pytest.raises(UsageError, match=r'"any" or a list such as "no-nc,no-gpl"'):
        unwanted("free")
