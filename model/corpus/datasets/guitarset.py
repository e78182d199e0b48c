"""GuitarSet: six players' acoustic guitar, by microphone and by pickup (Xi, Bittner, Pauwels, Ye, Bello 2018)."""

from pathlib import Path

from .mir import open_dataset
from .recording import About, Recording, Skipped
from .splits import by_group

ABOUT = About(
    "guitarset",
    "MIT (as mirdata states it)",
    "https://zenodo.org/record/3371780",
    "audio_mono-mic and audio_mono-pickup_mix",
)


def read(folder: Path) -> list[Recording]:
    """Both recordings of each excerpt in `folder`; it has no official split, so four players learn and one each tests.

    Raises UsageError where there are none.
    """
    dataset = open_dataset(ABOUT, "guitarset", folder)
    skipped = Skipped(ABOUT.name)
    recordings: list[Recording] = []
    for key in dataset.track_ids:
        track = dataset.track(key)
        for path in (Path(track.audio_mic_path), Path(track.audio_mix_path)):
            if path.exists():
                recordings.append(
                    Recording(
                        path,
                        {"acoustic_guitar": 1},
                        complete=True,
                        kind="phrase",
                        licence=ABOUT.licence,
                        source=ABOUT.name,
                        group=f"player {track.player_id}",
                        split="train",
                        names=("guitar",),
                    )
                )
            else:
                skipped.files += 1
    skipped.say()
    return by_group(ABOUT.some(recordings, folder), {"train": 4 / 6, "validation": 1 / 6, "test": 1 / 6})
