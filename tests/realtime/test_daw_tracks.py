import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.realtime.daw_tracks import DawTracks


@pytest.fixture
def tracks() -> DawTracks:
    return DawTracks()


def test_nothing_is_known_before_the_daw_speaks(tracks):
    assert tracks.armed() is None
    assert tracks.armed_inputs(["1", None]) is None
    assert tracks.find("1") is None
    assert tracks.name_of("1") == ""


def test_reaper_tells_names_and_what_is_armed(tracks):
    assert tracks.feed_osc("/track/1/name", ["Kick In"])
    assert tracks.armed() is None
    assert tracks.feed_osc("/track/1/recarm", [1.0])
    assert tracks.feed_osc("/track/2/recarm", [0.0])
    assert tracks.armed() == {1}
    assert tracks.name_of("1") == "Kick In"
    tracks.feed_osc("/track/1/recarm", [0.0])
    assert tracks.armed() == frozenset()


@pytest.mark.parametrize(("address", "before"), [("/strip/{}", [3]), ("/strip/{}/3", [])])
def test_ardour_tells_names_and_what_is_armed(tracks, address, before):
    assert tracks.feed_osc(address.format("name"), [*before, "Vln 1"])
    assert tracks.feed_osc(address.format("recenable"), [*before, 1.0])
    assert tracks.name_of("3") == "Vln 1"
    assert tracks.armed() == {3}
    tracks.feed_osc(address.format("name"), [*before, " "])
    tracks.feed_osc(address.format("recenable"), [*before, 0])
    assert tracks.name_of("3") == ""
    assert tracks.armed() == frozenset()


def test_a_track_is_found_by_number_or_name(tracks):
    for number, name in [(1, "Kick"), (2, "Vox"), (7, "vox"), (9, "2")]:
        tracks.feed_osc(f"/track/{number}/name", [name])
    assert tracks.find("1") == 1
    assert tracks.find(" VOX ") == 2
    assert tracks.find("2") == 2
    assert tracks.find("9") == 9
    assert tracks.find("3") is None
    assert tracks.find("Snare") is None
    assert tracks.find("") is None
    assert tracks.find("9" * 5000) is None


def test_only_inputs_whose_track_is_known_not_to_be_armed_are_left_out(tracks):
    tracks.feed_osc("/track/1/name", ["Kick"])
    tracks.feed_osc("/track/1/recarm", [1.0])
    tracks.feed_osc("/track/2/recarm", [0.0])
    tracks.feed_osc("/track/3/name", ["Room"])
    assert tracks.armed_inputs(["kick", "2", "Room", "12", None]) == {1, 3, 4, 5}


def test_changes_are_counted_once(tracks):
    tracks.feed_osc("/track/1/name", ["Kick"])
    tracks.feed_osc("/track/1/name", ["Kick"])
    assert tracks.changes == 1
    tracks.feed_osc("/track/1/recarm", [1.0])
    assert tracks.changes == 2


def test_a_name_is_cleaned_and_cut(tracks):
    tracks.feed_osc("/track/1/name", ["  Kick\x00\x1b[2J\n  In "])
    assert tracks.name_of("1") == "Kick [2J In"
    tracks.feed_osc("/track/1/name", ["x" * 10_000])
    assert tracks.name_of("1") == "x" * 64


@pytest.mark.parametrize(
    "address",
    [
        "/track/name",
        "/track/recarm",
        "/track/1",
        "/track/12345/name",
        "/track/-1/name",
        "/track/1/name/x",
        "/track/١/name",
        "/select/name",
        "/select/recenable",
        "/strip/fader",
        "/strip/name/x",
        "/master/name",
        "",
        "/track/1/recarm/toggle",
    ],
)
def test_other_addresses_are_left_alone(tracks, address):
    assert not tracks.feed_osc(address, [1, 1.0])
    assert tracks.changes == 0


@pytest.mark.parametrize(
    ("address", "params"),
    [
        ("/track/1/recarm", []),
        ("/track/1/recarm", ["on"]),
        ("/track/1/recarm", [float("nan")]),
        ("/track/1/recarm", [None]),
        ("/track/1/name", [3]),
        ("/track/0/recarm", [1.0]),
        ("/track/1025/recarm", [1.0]),
        ("/strip/recenable", [1.0]),
        ("/strip/recenable", [1.0, 1.0]),
        ("/strip/recenable", [True, 1.0]),
        ("/strip/recenable", [-1, 1.0]),
        ("/strip/recenable", [2**40, 1.0]),
        ("/strip/name", [1]),
    ],
)
def test_odd_values_change_nothing(tracks, address, params):
    tracks.feed_osc(address, params)
    assert tracks.changes == 0
    assert tracks.armed() is None


_numbers = st.integers(-2, 2000)
_addresses = st.one_of(
    st.builds("/track/{}/{}".format, _numbers, st.sampled_from(["name", "recarm"])),
    st.builds("/strip/{}/{}".format, st.sampled_from(["name", "recenable"]), _numbers),
    st.sampled_from(["/strip/name", "/strip/recenable"]),
)
_values = st.one_of(st.floats(), st.integers(), st.text(), st.booleans(), st.none(), st.binary())


@given(st.lists(st.tuples(_addresses, st.lists(_values, max_size=3)), max_size=40))
def test_whatever_comes_what_is_known_stays_bounded(messages):
    tracks = DawTracks()
    for address, params in messages:
        tracks.feed_osc(address, params)
    armed = tracks.armed()
    assert armed is None or all(1 <= number <= 1024 for number in armed)
    assert all(len(tracks.name_of(str(number))) <= 64 for number in range(1, 1025))
    assert tracks.changes <= len(messages)
