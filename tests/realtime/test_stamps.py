from earmark.realtime.events import Draft
from earmark.realtime.stamps import Identity, Stamps

IDENTITY = Identity("s", 48_000, ("Vox", ""), 1_000)


def test_events_count_up_and_know_their_input_their_take_and_their_time() -> None:
    stamps = Stamps(IDENTITY, lambda: 7)
    first, second = stamps.events([Draft("gap", 0, 0), Draft("onset", 48_000, 60_000, 1, {"label": "speech"})])
    assert (first.seq, second.seq) == (1, 2)
    assert (first.name, second.name) == (None, "Vox")
    assert (second.utc_ns, second.emitted_ns, second.take) == (1_000_001_000, 7, None)
    assert stamps.begin_take() == 1
    assert stamps.events([Draft("gap", 0, 0)])[0].take == 1
    stamps.take = None
    assert stamps.begin_take() == 2


def test_names_and_the_clock_may_come_later() -> None:
    stamps = Stamps(IDENTITY, lambda: 0)
    stamps.rename({2: "Keys"})
    stamps.anchor_utc(5)
    (event,) = stamps.events([Draft("onset", 0, 0, 2)])
    assert (event.name, event.utc_ns) == ("Keys", 5)
    assert stamps.identity.names == ("Vox", "Keys")
