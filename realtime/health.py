"""How a source or a sink says that it is well, or not."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "lost", "failed", "overflow"]


@dataclass(frozen=True, slots=True)
class Health:
    """`part` is the name of the source or sink, `detail` one line for people."""

    part: str
    state: State
    detail: str = ""
