import pytest

from earmark.realtime.errors import UsageError
from earmark.realtime.sources.devices import Device, find_device

DEVICES = [
    Device(0, "Built-in Microphone", "Core Audio", 2, 44_100, False),
    Device(2, "Fireface UFX", "ASIO", 30, 48_000, False),
    Device(3, "Fireface UFX", "Windows WASAPI", 8, 48_000, True),
    Device(7, "Fireface UFX II", "ASIO", 60, 96_000, False),
    Device(9, "system", "JACK Audio Connection Kit", 8, 48_000, False),
]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (None, 3),
        ("7", 7),
        (" built-in microphone ", 0),
        ("built", 0),
        ("Fireface UFX II", 7),
        ("fireface ufx, asio", 2),
        ("UFX, Windows", 3),
        ("jack", 9),
    ],
)
def test_a_device_is_found_by_number_name_or_a_part_that_only_it_has(wanted: str | None, index: int) -> None:
    assert find_device(wanted, DEVICES).index == index


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (
            "Fireface UFX",
            "'Fireface UFX' may be any of these devices: 2: Fireface UFX, ASIO; 3: Fireface UFX, Windows WASAPI",
        ),
        ("scarlett", "no device 'scarlett'; there are: 0: Built-in Microphone, Core Audio; 2: Fireface UFX, ASIO; "),
        ("1", "no device '1'; there are: 0: "),
    ],
)
def test_what_is_unknown_or_may_be_several_names_the_candidates(wanted: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        find_device(wanted, DEVICES)
    assert str(error.value).startswith(message)


def test_no_device_at_all_points_to_the_demo() -> None:
    with pytest.raises(UsageError, match="earmark demo"):
        find_device(None, [])
