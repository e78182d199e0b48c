from tests.realtime.watch.line_sounds import RATE, noise, off, on, stack, tone, watched


def test_the_same_signal_on_two_inputs_is_named_on_both() -> None:
    source = tone(4, 220, 0.1) + noise(4, -40, 5)
    drafts = watched(stack(source, noise(4, -40, 6), 0.25 * source, noise(4, -90, 7)))
    assert [d.fields["detail"] for d in on(drafts, "twin", 1)] == ["same as input 3"]
    assert [d.fields["detail"] for d in on(drafts, "twin", 3)] == ["same as input 1"]
    assert not on(drafts, "twin", 2)
    assert not on(drafts, "twin", 4)


def test_an_inverted_signal_is_a_twin_too_until_it_differs() -> None:
    source, other = noise(12, -30, 1), noise(6, -30, 2)
    line = -source
    line[6 * RATE :] = other
    drafts = watched(stack(source, line))
    assert [d.fields["detail"] for d in on(drafts, "twin", 2)] == ["inverted signal of input 1"]
    assert len(off(drafts, "twin", 2)) == 1


def test_the_same_music_by_two_microphones_is_no_twin() -> None:
    source = tone(5, 110, 0.1)
    assert not on(watched(stack(source + noise(5, -45, 1), source + noise(5, -45, 2))), "twin", 2)


def test_silent_inputs_are_no_twins() -> None:
    floor = noise(5, -90)
    assert not on(watched(stack(floor, floor)), "twin", 2)
