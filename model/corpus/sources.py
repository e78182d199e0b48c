"""The registry sources of the recipe: what is fetched, under which licence, and what it gives.

A source's `family` is its split group: sound that two packages share (a font and one made from it) has one family.
"""

from dataclasses import dataclass, field
from typing import Final, Literal

from .registry import Package

Kind = Literal["font", "patches", "notes", "piano", "kits", "scores", "recordings", "speech", "impulses", "synth"]

VELOCITIES: Final = 16
FREEPATS: Final = "GPL-2+ with an exception for compositions (FreePats)"


@dataclass(frozen=True)
class Source:
    """One line of the recipe.

    `files` is a path or pattern inside the package. `labels` maps folders of kits to their label and licence; for
    recordings `label` and `form` (phrase, stem, note) say what they are.
    """

    name: str
    kind: Kind
    packages: tuple[Package, ...]
    licence: str
    family: str
    files: str = ""
    label: str = ""
    form: str = ""
    kits: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])


def _debian(*names: str) -> tuple[Package, ...]:
    return tuple(Package(name) for name in names)


DRUMS, HANDS = "drum_set", "auxiliary_percussion"

SOURCES: Final[tuple[Source, ...]] = (
    Source("synth", "synth", (), "CC0 (made by this program)", "synth"),
    Source(
        "fluidr3",
        "font",
        _debian("fluid-soundfont-gm"),
        "MIT (FluidR3 GM, Frank Wen)",
        "fluid",
        "usr/share/sounds/sf2/FluidR3_GM.sf2",
    ),
    Source(
        "musescore",
        "font",
        _debian("musescore-general-soundfont-lossless"),
        "MIT (MuseScore General, S. Christian Collins; parts CC0 and public domain)",
        "fluid",
        "usr/share/sounds/sf2/MuseScore_General_Full.sf2",
    ),
    Source(
        "generaluser",
        "font",
        _debian("minuet-data"),
        "GeneralUser GS licence 2.0 (S. Christian Collins)",
        "generaluser",
        "usr/share/minuet/soundfonts/GeneralUser-v1.47.sf2",
    ),
    Source("freepats", "patches", _debian("freepats"), FREEPATS, "freepats", "usr/share/midi/freepats/Tone_000"),
    Source(
        "musyng",
        "notes",
        (Package("web-music-score-samples", "npm", "3.0.2"),),
        "MIT / CC-BY-SA 3.0 (Musyng Kite)",
        "musyng",
        "package/samples",
    ),
    Source(
        "salamander",
        "piano",
        tuple(Package(f"@audio-samples/piano-velocity{n}", "npm", "1.0.5") for n in range(1, VELOCITIES + 1)),
        "CC-BY 3.0 (Salamander Grand Piano, Alexander Holm)",
        "salamander",
        "package/audio",
    ),
    Source(
        "hydrogen",
        "kits",
        _debian("hydrogen-data", "hydrogen-drumkits"),
        "GPL-2+",
        "hydrogen",
        "usr/share/hydrogen/data/drumkits",
        kits={
            "GMRockKit": (DRUMS, "GPL-2 (Glen MacArthur)"),
            "TR808EmulationKit": (DRUMS, "GPL-2+ (Artemiy Pavlov)"),
            "Audiophob": (DRUMS, "CC0"),
            "BJA_Pacific": (DRUMS, "CC-BY-SA 3.0 (Luc Tanguay)"),
            "ColomboAcousticDrumkit": (DRUMS, "GPL-2+ with an exception for compositions (Marcos Guglielmetti)"),
            "ForzeeStereo": (DRUMS, "GPL-2 (Vladimir Sadovnikov, Alexander Belokurov)"),
            "HardElectro1": (DRUMS, "GPL-2+ (Artemiy Pavlov)"),
            "Millo_MultiLayered2": (DRUMS, "GPL-2 (Emiliano Grilli)"),
            "Millo_MultiLayered3": (DRUMS, "GPL-2 (Emiliano Grilli)"),
            "The Black Pearl 1.0": (DRUMS, "GPL-2 (Glen MacArthur)"),
            "VariBreaks": (DRUMS, "GPL-2+ (Artemiy Pavlov)"),
            "rumpf_kit_z01_h2": (DRUMS, "CC-BY 3.0 (Emanuel Rumpf)"),
            "Gimme A Hand 1.0": (HANDS, "GPL-2 (Glen MacArthur)"),
            "circAfrique v4": (HANDS, "CC-BY-SA 3.0 (Jim Harney)"),
        },
    ),
    Source("mma", "scores", _debian("mma"), "GPL-2+ (Bob van der Poel)", "mma"),
    Source("openmsx", "scores", _debian("openttd-openmsx"), "GPL-2 (OpenMSX)", "openmsx"),
    Source("simutrans", "scores", _debian("simutrans-data"), "Artistic 1.0 (Simutrans)", "simutrans"),
    Source("freedoom", "scores", _debian("freedoom"), "BSD-3-Clause (Freedoom)", "freedoom"),
    Source(
        "strums",
        "recordings",
        _debian("hydrogen-drumkits-effects"),
        "CC-BY 3.0 (Gabriel Verdugo Soto)",
        "belofilms",
        "usr/share/hydrogen/data/drumkits/belofilms_GuitarStrums/*.flac",
        label="acoustic_guitar",
        form="note",
    ),
    Source(
        "muldjord",
        "recordings",
        _debian("fretsonfire-songs-muldjord"),
        "CC-BY-SA 3.0 (Muldjord)",
        "muldjord",
        "usr/share/games/fretsonfire/data/songs/muldjord/*/guitar.ogg",
        label="distorted_electric_guitar",
        form="stem",
    ),
    Source("fillets-cs", "speech", _debian("fillets-ng-data-cs"), "GPL-2+", "fillets-cs", "usr/share/games/fillets-ng"),
    Source("fillets-nl", "speech", _debian("fillets-ng-data-nl"), "GPL-2+", "fillets-nl", "usr/share/games/fillets-ng"),
    Source("ktuberling", "speech", _debian("ktuberling-data"), "GPL-2+", "ktuberling", "usr/share/ktuberling/sounds"),
    Source("klettres", "speech", _debian("klettres-data"), "GPL-2+", "klettres", "usr/share/klettres"),
    Source(
        "guitarix",
        "impulses",
        _debian("guitarix-common"),
        "GPL-2+ (guitarix)",
        "guitarix",
        "usr/share/gx_head/sounds",
    ),
)
"""Left out of what registries hold: music21 (its scores need the whole library to be read), festvox-ru (179 MB for one
speaker), and packages that repeat a kit which is here."""
