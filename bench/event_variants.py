"""Settings to compare: each part of the deciding switched off in turn, what the engineer may say beforehand, and one
constant at a time swept past the value that it ships with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from takes_layout import Take

from earmark.realtime.config import Config, build, merged


@dataclass(frozen=True)
class Variant:
    """A name and what differs from the settings as they ship: `settings` as in the configuration file.

    `told` is what the engineer says beforehand: nothing, the `band` (all labels of the take), or the inputs' `names`.
    `two_pass`: names are decided at the end, as with `earmark label --two-pass`.
    """

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    told: Literal["nothing", "band", "names"] = "nothing"
    two_pass: bool = False


SHIPPED: Final = Variant("as it ships")

PLAIN: Final = {
    "bleed": False,
    "memory_hops": 1,
    "change_limit": 1000.0,
    "best_on": 0.5,
    "other_on": 0.5,
    "sibling_on": 0.5,
    "off": 0.5,
    "keep_lead": 0.0,
    "faint_lead": 0.0,
    "today": 0.0,
    "sure": 1.0,
    "family_on": 1.0,
}
"""Every label by itself, at 0.5 in two of three hops: what one would do without any of this."""

BAND: Final = Variant("the band is told", told="band")
TWO_PASS: Final = Variant("two passes", two_pass=True)
NO_BLEED: Final = Variant("bleed not looked for", {"smoothing": {"bleed": False}})

VARIANTS: Final = (
    SHIPPED,
    Variant("each label by itself", {"smoothing": PLAIN}),
    Variant("no memory of the stretch", {"smoothing": {"memory_hops": 1}}),
    Variant("changes of player not found", {"smoothing": {"change_limit": 1000.0}}),
    Variant("no family first", {"smoothing": {"family_on": 1.0}}),
    Variant("no name after one sure hop", {"smoothing": {"sure": 1.0}}),
    Variant("no name is mended", {"smoothing": {"keep_lead": 8.0}}),
    Variant("faint sounds like any other", {"smoothing": {"faint_lead": 0.0}}),
    Variant("no memory of the day", {"smoothing": {"today": 0.0}}),
    NO_BLEED,
    BAND,
    Variant("the inputs have names", told="names"),
    TWO_PASS,
    Variant("two passes, the band is told", told="band", two_pass=True),
)
"""As it ships first; then each part switched off; then what may be known beforehand, and a file's future."""

IN_BLEED: Final = (SHIPPED.name, NO_BLEED.name, BAND.name, TWO_PASS.name)
"""Variants that are drawn against the bleed."""

SWEEPS: Final[Mapping[str, Sequence[float]]] = {
    "smoothing.best_on": (0.15, 0.22, 0.28, 0.35, 0.45),
    "smoothing.other_on": (0.4, 0.5, 0.6, 0.66, 0.8),
    "smoothing.sibling_on": (0.5, 0.65, 0.8, 0.9),
    "smoothing.off": (0.05, 0.1, 0.13, 0.2, 0.25),
    "smoothing.keep_lead": (0.0, 0.2, 0.5, 1.0, 2.0),
    "smoothing.sure": (0.3, 0.4, 0.5, 0.7, 1.0),
    "smoothing.change_drift": (0.0, 0.5, 1.0, 2.0, 3.0),
    "smoothing.change_limit": (2.0, 4.0, 6.0, 10.0, 20.0),
    "smoothing.memory_hops": (1, 4, 8, 12, 24, 60),
    "smoothing.family_on": (0.2, 0.4, 0.6, 0.8, 1.0),
    "smoothing.release_s": (0.25, 0.5, 0.75, 1.0, 1.5),
    "smoothing.faint_lead": (0.0, 0.5, 0.9, 1.5),
    "smoothing.today": (0.0, 0.25, 0.5, 1.0),
}
"""Values to try of each constant; the shipped one is always among them."""

Sweep = Sequence[tuple[float, Variant]]


def sweep(setting: str, neighbours: bool = False) -> Sweep:
    """The values to try of a setting, in rising order, each with its variant; `neighbours`: only the shipped one and
    those beside it."""
    chosen = shipped_value(setting)
    values = sorted({*SWEEPS[setting], chosen})
    if neighbours:
        place = values.index(chosen)
        values = values[max(0, place - 1) : place + 2]
    section, _, key = setting.partition(".")
    return [
        (value, SHIPPED if value == chosen else Variant(f"{setting}={value:g}", {section: {key: value}}))
        for value in values
    ]


def shipped_value(setting: str) -> float:
    """The value of SECTION.KEY that is the default."""
    section, _, key = setting.partition(".")
    return getattr(getattr(Config(), section), key)


def config_for(variant: Variant, take: Take) -> Config:
    """The configuration of one variant for one take. Raises UsageError where a setting is not known."""
    knowledge: dict[str, Any] = {}
    if variant.told == "band":
        knowledge["band"] = sorted(take.labels)
    elif variant.told == "names":
        knowledge["inputs"] = [{"channel": n, "name": name} for n, name in enumerate(input_names(take), 1) if name]
    return build(merged(variant.settings, knowledge), variant.name)


NAMES: Final[Mapping[str, str]] = {
    "female_singer": "Lead Vox",
    "male_singer": "LV",
    "vocalists": "BGV",
    "acoustic_guitar": "Ac Gtr",
    "clean_electric_guitar": "EGtr cln",
    "distorted_electric_guitar": "EGtr",
    "electric_bass": "Bass DI",
    "double_bass": "Kb",
    "piano": "Piano",
    "electric_piano": "Rhodes",
    "organ": "B3",
    "synthesizer": "Synth",
    "violin": "Vln",
    "viola": "Vla",
    "cello": "Vc",
    "trumpet": "Tpt",
    "trombone": "Tbn",
    "french_horn": "Hn",
    "flute": "Fl",
    "clarinet": "Cl",
    "oboe": "Ob",
    "bassoon": "Fg",
    "saxophone": "Sax",
    "drum_set": "Drums",
    "auxiliary_percussion": "Perc",
}
"""What engineers write over an input that carries such an instrument."""


def input_names(take: Take) -> tuple[str, ...]:
    """A name for each input as engineers write it, numbered where there are several; "" where they know none."""
    names = [NAMES.get(label, "") for label in take.inputs]
    out: list[str] = []
    for place, name in enumerate(names):
        number = names[: place + 1].count(name)
        out.append(f"{name} {number}" if name and names.count(name) > 1 else name)
    return tuple(out)
