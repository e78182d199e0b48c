import numpy as np
import pytest
import takes_layout
from takes_layout import RATE, Bleed, Segment, Size

from .stand_ins import PIANO_HZ, VIOLIN_HZ, write_recordings


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return takes_layout.recordings(write_recordings(tmp_path_factory.mktemp("recordings")))


def sound(take, channel, start_s, end_s):
    return take.samples[channel - 1, round(start_s * RATE) : round(end_s * RATE)] / 32768


def hertz(samples):
    return float(np.abs(np.fft.rfft(samples)).argmax() * RATE / len(samples))


def share(samples, near_hertz):
    """Of the power, what lies within 5 Hz."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    frequency = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(power[np.abs(frequency - near_hertz) < 5].sum())


def level_db(part, whole):
    return 10 * np.log10(part / whole)


def test_rows_with_unknown_labels_are_left_out(rows):
    assert [row.label for row in rows if row.role == "SOLO"] == ["piano", "violin", "piano", "violin", "violin"]


def test_a_relay_has_one_player_after_the_other_with_rests(rows):
    take = takes_layout.relay(rows, inputs=2)
    assert take.halves == ("A", "B")
    assert sorted(one.label for one in take.segments) == ["piano", "piano", "violin", "violin"]
    for channel in (1, 2):
        mine = [one for one in take.segments if one.channel == channel]
        ends = [0.0, *(one.end_s for one in mine)]
        assert all(3.0 <= one.start_s - end_s <= 4.0 for one, end_s in zip(mine, ends, strict=False))
        assert all(5.0 <= one.end_s - one.start_s <= 12.0 for one in mine)


def test_the_truth_of_a_relay_is_what_sounds(rows):
    take = takes_layout.relay(rows, inputs=2)
    for one in take.segments:
        played = sound(take, one.channel, one.start_s, one.end_s)
        assert (hertz(played) < 600) == (one.label == "piano")
        assert 10 ** (-30 / 20) * 0.99 <= np.abs(played).max() <= 10 ** (-6 / 20) * 1.01
        assert np.abs(sound(take, one.channel, one.start_s - 1.0, one.start_s)).max() < 0.002


def test_a_smaller_relay(rows):
    assert len(takes_layout.relay(rows, Size(players=1), inputs=2).segments) == 2


def test_the_same_folder_gives_the_same_takes(rows):
    assert np.array_equal(takes_layout.relay(rows).samples, takes_layout.relay(rows).samples)
    bleed = Bleed(-12, room=True)
    first, second = (next(takes_layout.bands(rows, bleed)) for _ in range(2))
    assert np.array_equal(first.samples, second.samples)


def test_stems_bleed_at_the_level_that_is_asked_for(rows):
    for level in (-24, -12):
        duet, encore = takes_layout.bands(rows, Bleed(level))
        assert (duet.name, encore.name) == (f"band duet, {level} dB", f"band encore, {level} dB")
        assert (duet.halves, encore.halves) == (("A", "A"), ("B", "B"))
        assert duet.inputs == ("piano", "violin")
        own = sound(duet, 1, 1, 4)
        assert level_db(share(own, VIOLIN_HZ), share(own, PIANO_HZ)) == pytest.approx(level, abs=0.2)


def test_a_stem_that_is_over_plays_no_longer(rows):
    duet = next(takes_layout.bands(rows, Bleed(-24)))
    assert duet.segments == (Segment(1, "piano", 0.0, 6.0), Segment(2, "violin", 0.0, 5.0))
    assert duet.labels == {"piano", "violin"}


def test_a_room_keeps_the_level_but_not_the_wave(rows):
    straight, room = (next(takes_layout.bands(rows, Bleed(-12, room))) for room in (False, True))
    assert room.name == "band duet, -12 dB in a room"
    own = sound(room, 1, 1, 4)
    assert level_db(share(own, VIOLIN_HZ), share(own, PIANO_HZ)) == pytest.approx(-12, abs=1.0)
    assert np.abs(own - sound(straight, 1, 1, 4)).max() > 0.01


def test_quiet_has_no_instrument(rows):
    take = takes_layout.quiet(rows)
    assert take.segments == ()
    assert take.inputs == ("speech", "hum", "noise", "silence")
    assert take.duration_s == 4.0
    assert hertz(sound(take, 2, 0, 4)) == pytest.approx(50, abs=1)
    assert np.abs(sound(take, 4, 0, 4)).max() < 0.002
    assert takes_layout.quiet(rows, Size(seconds=2)).duration_s == 2.0


def test_silence_stays_silent_at_any_level():
    assert not takes_layout.at_peak(np.zeros(10), -6).any()


def test_folders_without_some_kind_of_recording_still_give_takes(rows):
    solos = [row for row in rows if row.role == "SOLO"]
    assert list(takes_layout.bands(solos, Bleed(-24))) == []
    assert takes_layout.quiet(solos, Size(seconds=2)).duration_s == 2.0
