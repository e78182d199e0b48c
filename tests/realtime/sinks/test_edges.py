from hypothesis import given, settings

from earmark.realtime.sinks.edges import Edge, Edges
from tests.realtime.sinks.wires import offset, onset, rename, state, streams


def test_onset_and_offset_are_one_edge_each():
    edges = Edges()
    assert edges.apply(onset(1, 2, "violin", 0.9)) == [Edge(2, "violin", True, 0.9)]
    assert edges.apply(onset(2, 2, "violin", 0.8)) == []
    assert edges.apply(offset(3, 2, "violin")) == [Edge(2, "violin", False, 0.0)]
    assert edges.apply(offset(4, 2, "violin")) == []


def test_a_rename_goes_off_before_it_comes_on():
    edges = Edges()
    edges.apply(onset(1, 1, "violin"))
    assert edges.apply(rename(2, 1, "violin", "viola", 0.7)) == [
        Edge(1, "violin", False, 0.0),
        Edge(1, "viola", True, 0.7),
    ]


def test_a_rename_to_a_name_that_is_on_is_only_an_offset():
    edges = Edges()
    edges.apply(onset(1, 1, "violin"))
    edges.apply(onset(2, 1, "viola"))
    assert edges.apply(rename(3, 1, "violin", "viola")) == [Edge(1, "violin", False, 0.0)]


def test_a_state_mends_what_was_missed():
    edges = Edges()
    edges.apply(onset(1, 1, "violin"))
    edges.apply(onset(2, 2, "piano"))
    assert edges.apply(state(9, [["viola"], ["piano"]])) == [
        Edge(1, "violin", False, 0.0),
        Edge(1, "viola", True, 0.5),
    ]


@settings(deadline=None)
@given(streams)
def test_edges_alternate_whatever_comes(events):
    edges = Edges()
    on: set[tuple[int, str]] = set()
    for one in events:
        for edge in edges.apply(one):
            key = (edge.channel, edge.label)
            assert edge.on != (key in on)
            on ^= {key}
    assert on == {(c.channel, label) for c in edges.board.channels.values() for label in c.labels}
