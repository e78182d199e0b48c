"""Who is who in a session: its id, and the names of its inputs."""

import uuid
from collections.abc import Sequence

from .config import InputConfig
from .errors import UsageError
from .stamps import Identity


def new_identity(
    source_names: Sequence[str], rate: int, inputs: Sequence[InputConfig], started_utc_ns: int, path: str | None = None
) -> Identity:
    """An identity of its own. A configured name goes before the source's.

    Raises UsageError for an input that the source does not have, or a name that two inputs share.
    """
    names = list(source_names)
    for entry in inputs:
        if entry.channel > len(names):
            what = f" to name '{entry.name}'" if entry.name else ""
            raise UsageError(f"there is no input {entry.channel}{what}: the source has {len(names)}")
        names[entry.channel - 1] = entry.name or names[entry.channel - 1]
    for name in set(names) - {""}:
        if names.count(name) > 1:
            raise UsageError(f"two inputs are named '{name}': give each a name of its own with --name N=NAME")
    return Identity(uuid.uuid4().hex[:12], rate, tuple(names), started_utc_ns, path)
