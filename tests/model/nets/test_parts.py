"""A second head changes nothing of what the first one says."""

import pytest
import torch

from earmark.model import torchscript
from earmark.model.nets import earmark, yamnet
from earmark.model.nets.network import Network, channels_last
from earmark.model.nets.parts import PartsHead, TwoHeads, over_time, with_parts

PARTS = 5


def network() -> Network:
    torch.manual_seed(1)
    made = channels_last(earmark.build("earmark", 4)).eval()
    made.scale.uniform_(0.5, 2)
    made.bias.uniform_(-1, 1)
    return made


def head_for(one: Network) -> PartsHead:
    heads = TwoHeads(one.features, PartsHead(1, PARTS))  # type: ignore[arg-type]
    seen = heads.eval().pooled(one.mel(torch.zeros(1, one.window)))[1]
    return PartsHead(seen.shape[1], PARTS).eval()


def test_the_first_labels_stay_bit_by_bit_the_same() -> None:
    one = network()
    two = with_parts(one, head_for(one), torch.full((PARTS,), 0.5), torch.full((PARTS,), -2.0))
    before, after = (torchscript.script(made) for made in (one, two))
    for batch in (1, 3, 5):
        audio = 0.1 * torch.randn(batch, one.window, generator=torch.Generator().manual_seed(2))
        assert torch.equal(after(audio)[:, :4], before(audio))
    after = after(audio)
    assert after.shape == (5, 4 + PARTS)
    assert after[:, 4:].min() > 0
    assert after[:, 4:].max() < 0.5


def test_no_weight_is_there_twice_and_those_of_the_first_head_keep_their_names() -> None:
    one = network()
    two = with_parts(one, head_for(one), torch.ones(PARTS), torch.zeros(PARTS))
    own = {name for name in two.state_dict() if not name.startswith("features.parts.")}
    assert own == set(one.state_dict())


def test_it_sees_the_mean_and_the_highest_over_time() -> None:
    maps = torch.tensor([[[1.0, 3.0], [0.0, -4.0]]])
    assert over_time(maps).tolist() == [[2.0, -2.0, 3.0, 0.0]]


def test_another_network_is_refused() -> None:
    with pytest.raises(TypeError, match="earmark"):
        with_parts(yamnet.build("yamnet", 4), PartsHead(1, PARTS), torch.ones(PARTS), torch.zeros(PARTS))
