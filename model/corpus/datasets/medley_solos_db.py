"""Medley-solos-DB: 3 s of one of eight instruments alone (Lostanlen, Cella 2016), split by its makers."""

from pathlib import Path

from .mir import open_dataset
from .names import MEDLEYDB
from .recording import About, Recording, Skipped, Split

ABOUT = About(
    "medley_solos_db",
    "CC BY 4.0",
    "https://zenodo.org/record/3464194",
    "audio and annotation/Medley-solos-DB_metadata.csv",
)
SPLITS: dict[str, Split] = {"training": "train", "train": "train", "validation": "validation", "test": "test"}


def read(folder: Path) -> list[Recording]:
    """The recordings in `folder`, in the official split.

    Raises UsageError where the table is missing.
    """
    dataset = open_dataset(ABOUT, "medley_solos_db", folder)
    ABOUT.required(folder / "annotation" / "Medley-solos-DB_metadata.csv")
    skipped = Skipped(ABOUT.name)
    recordings: list[Recording] = []
    for key in dataset.track_ids:
        track = dataset.track(key)
        path = Path(track.audio_path)
        if not path.exists():
            skipped.files += 1
            continue
        name = str(track.instrument)
        recordings.append(
            Recording(
                path,
                {MEDLEYDB[name]: 1},
                complete=True,
                kind="phrase",
                licence=ABOUT.licence,
                source=ABOUT.name,
                group=f"song {track.song_id}",
                split=SPLITS[track.subset],
                names=(name,),
            )
        )
    skipped.say()
    return ABOUT.some(recordings, folder)
