"""Where Earmark keeps what it was not told to keep elsewhere."""

from pathlib import Path

from platformdirs import user_data_path


def journals() -> Path:
    """The folder for journals of sessions that name none, in the user's data folder; it may not exist yet."""
    return user_data_path("earmark", appauthor=False) / "journals"
