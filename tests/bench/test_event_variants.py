import numpy as np
import pytest
from event_variants import NAMES, SHIPPED, SWEEPS, VARIANTS, Variant, config_for, input_names, shipped_value, sweep
from takes_layout import Segment, Take

from earmark.model.labels import BY_ID
from earmark.realtime.config import Config
from earmark.realtime.errors import UsageError


def take(*labels):
    segments = tuple(Segment(n, label, 0.0, 1.0) for n, label in enumerate(labels, 1))
    return Take("t", "band", np.zeros((len(labels), 10), np.int16), segments, ("A",) * len(labels), labels)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: one.name)
def test_every_variant_is_a_configuration(variant):
    config = config_for(variant, take("violin", "GRP_voice"))
    assert (config == Config() and not variant.two_pass) == (variant is SHIPPED)


def test_names_of_variants_differ():
    assert len({one.name for one in VARIANTS}) == len(VARIANTS)


def test_an_unknown_setting_is_told():
    with pytest.raises(UsageError, match="trial"):
        config_for(Variant("trial", {"smoothing": {"no_such": 1}}), take("violin"))


@pytest.mark.parametrize("setting", SWEEPS)
def test_a_sweep_has_the_shipped_value_and_others(setting):
    values = [value for value, _ in sweep(setting)]
    assert values == sorted(set(values))
    assert shipped_value(setting) in values
    for value, variant in sweep(setting):
        assert (config_for(variant, take("violin")) == Config()) == (value == shipped_value(setting))
    near = [value for value, _ in sweep(setting, neighbours=True)]
    assert shipped_value(setting) in near
    assert len(near) <= 3


def test_a_band_list_names_all_that_play():
    config = config_for(Variant("told", told="band"), take("violin", "GRP_electric_guitar"))
    assert set(config.band) == {"violin", "clean_electric_guitar", "distorted_electric_guitar"}


def test_inputs_are_named_as_engineers_name_them():
    assert input_names(take("drum_set", "electric_bass", "relay")) == ("Drums", "Bass DI", "")
    assert input_names(take("violin", "violin")) == ("Vln 1", "Vln 2")
    config = config_for(Variant("told", told="names"), take("violin", "relay", "drum_set"))
    assert [(one.channel, one.name) for one in config.inputs] == [(1, "Vln"), (3, "Drums")]


def test_names_are_of_labels():
    assert NAMES.keys() <= BY_ID.keys()
