from earmark.model.labels import MODEL_LABELS
from earmark.realtime.config import Config, InputConfig
from earmark.realtime.daw_tracks import DawTracks
from earmark.realtime.knowledge import Knowledge

VIOLIN, TUBA = MODEL_LABELS.index("violin"), MODEL_LABELS.index("tuba")


def knowledge(*inputs: InputConfig, band: tuple[str, ...] = (), names: tuple[str, ...] = ("", "")) -> Knowledge:
    return Knowledge(Config(inputs=inputs, band=band), MODEL_LABELS, names)


def test_it_begins_with_the_configuration_and_the_names() -> None:
    known = knowledge(InputConfig(channel=2, expect=("tuba",), track="7"), names=("Vln 1", ""))
    assert known.now.expected == ({"violin"}, {"tuba"})
    assert known.feeds == (None, "7")


def test_an_expectation_can_be_changed_and_taken_back() -> None:
    known = knowledge(names=("Vln 1", ""))
    assert known.expect(1, ("tuba",)).expected[0] == {"tuba"}
    assert known.now.prior[0, TUBA] > 0
    assert known.expect(1, ()).expected[0] == {"violin"}


def test_the_band_can_be_changed_and_taken_back() -> None:
    known = knowledge(band=("violin",))
    assert known.now.prior[0, VIOLIN] > 0 > known.now.prior[0, TUBA]
    assert known.band(("tuba",)).prior[0, TUBA] > 0
    assert not known.band(()).prior.any()


def test_an_input_without_a_name_takes_its_tracks() -> None:
    known = knowledge(InputConfig(channel=1, track="3"), InputConfig(channel=2, name="Own", track="4"))
    tracks = DawTracks()
    assert known.name_after(tracks) == {}
    tracks.feed_osc("/track/3/name", ["Violin"])
    tracks.feed_osc("/track/4/name", ["Tuba"])
    assert known.name_after(tracks) == {1: "Violin"}
    assert known.now.expected == ({"violin"}, frozenset())
    assert known.name_after(tracks) == {}, "it is no news any more"
