import pytest

from earmark.realtime.config import InputConfig
from earmark.realtime.errors import UsageError
from earmark.realtime.identity import new_identity


def test_configured_names_go_before_the_sources() -> None:
    identity = new_identity(["a", "b"], 48_000, [InputConfig(channel=2, name="Keys")], 5, "take.wav")
    assert identity.names == ("a", "Keys")
    assert (identity.started_utc_ns, identity.path) == (5, "take.wav")


def test_every_session_has_an_id_of_its_own() -> None:
    assert new_identity([""], 48_000, [], 0).session != new_identity([""], 48_000, [], 0).session


def test_an_input_that_is_not_there_and_a_name_given_twice() -> None:
    with pytest.raises(UsageError, match="there is no input 3 to name 'Keys': the source has 2"):
        new_identity(["", ""], 48_000, [InputConfig(channel=3, name="Keys")], 0)
    with pytest.raises(UsageError, match="two inputs are named 'Keys'"):
        new_identity(["Keys", ""], 48_000, [InputConfig(channel=2, name="Keys")], 0)
