import pytest

from earmark.realtime.errors import UsageError
from earmark.realtime.sources.channels import as_slice, choose


@pytest.mark.parametrize(
    ("wanted", "columns"),
    [
        (None, tuple(range(16))),
        ("1", (0,)),
        ("1-8,12", (0, 1, 2, 3, 4, 5, 6, 7, 11)),
        (" 3 , 1 - 2", (2, 0, 1)),
        ("16", (15,)),
    ],
)
def test_channels_are_counted_from_one(wanted: str | None, columns: tuple[int, ...]) -> None:
    assert choose(wanted, 16, "desk") == columns


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("17", "desk has no channel 17; its channels are 1-16"),
        ("0", "desk has no channel 0; its channels are 1-16"),
        ("12-20", "desk has no channel 20; its channels are 1-16"),
        ("1,,2", "channels '1,,2': '' is not a channel or a range; write it like 1-8,12"),
        ("one", "channels 'one': 'one' is not a channel or a range; write it like 1-8,12"),
        ("4-2", "channels '4-2': the range 4-2 runs backwards"),
        ("1-4,3", "channels '1-4,3': channel 3 is named twice"),
        ("1-99999", "desk has no channel 99999; its channels are 1-16"),
    ],
)
def test_what_is_wrong_is_said(wanted: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        choose(wanted, 16, "desk")
    assert str(error.value) == message


def test_columns_in_a_row_are_a_slice() -> None:
    assert as_slice((2, 3, 4)) == slice(2, 5)
    assert as_slice((2, 4)) is None
    assert as_slice((3, 2)) is None
