"""The part of a network below its classifier: taken over from other weights, frozen where only the head shall learn."""

from collections.abc import Mapping

from torch import Tensor, nn

HEAD = "classifier."
"""Weights of the head may be missing where a network is filled: the head is for other labels."""

COUNTER = "num_batches_tracked"
"""Weights that old checkpoints lack and that change nothing."""


class Body(nn.Sequential):
    """Layers that can be frozen: no gradients, batch norm and dropout as in eval mode while the rest trains."""

    frozen: bool = False

    def freeze(self) -> None:
        """From now on nothing in here changes."""
        self.frozen = True
        self.requires_grad_(False)
        self.eval()

    def train(self, mode: bool = True) -> "Body":
        """As of any module, but a frozen body stays in eval mode."""
        super().train(mode and not self.frozen)
        return self


def fill(features: nn.Module, state: Mapping[str, Tensor], origin: str) -> None:
    """Give `features` the weights in `state`, by name; the head keeps its own where `state` has none for it.

    Raises ValueError, in one line that starts with `origin`, for a weight that is missing, unknown or of another shape.
    """
    own = features.state_dict()
    for name, value in own.items():
        if name not in state:
            if name.startswith(HEAD) or name.endswith(COUNTER):
                continue
            raise ValueError(f"{origin}: it lacks the weight {name}")
        if state[name].shape != value.shape:
            raise ValueError(f"{origin}: {name} has the shape {list(state[name].shape)}, not {list(value.shape)}")
    if unknown := sorted(set(state) - set(own)):
        raise ValueError(f"{origin}: the network has no weight {unknown[0]}")
    features.load_state_dict(state, strict=False)
