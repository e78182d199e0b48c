"""Small trees laid out as the makers of the data sets lay them out, with synthesised sound."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import soundfile

RATE = 8_000


def sound(path: Path, seconds: float = 0.3, hertz: float = 440.0, channels: int = 1) -> Path:
    """A sine written to `path`, whose folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    wave = 0.3 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)
    soundfile.write(path, np.tile(wave[:, None], (1, channels)), RATE)
    return path


def table(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> Path:
    """A CSV file; no header line where `header` is empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if header := tuple(header):
            writer.writerow(header)
        writer.writerows(rows)
    return path


def index(path: Path, tracks: dict[str, dict[str, str | None]], **more: object) -> Path:
    """An index as mirdata reads it: every file with its checksum, which nothing here looks at."""
    files = {key: {name: [file, ""] for name, file in track.items()} for key, track in tracks.items()}
    path.write_text(json.dumps({"version": more.pop("version", "1.0"), "tracks": files, **more}), encoding="utf-8")
    return path


OPENMIC = {
    "000046_3840": {"split": "train", "guitar": 0.9, "piano": 0.1, "licence": "by-nc-sa"},
    "000135_483840": {"split": "train", "voice": 1.0, "cymbals": 0.6, "licence": "by"},
    "000141_153600": {"split": "test", "violin": 0.7, "licence": "by"},
}


def openmic2018(folder: Path) -> Path:
    """Three excerpts; the metadata's last columns but one is the key, as mirdata needs it."""
    header = ("artist_name", "license_title", "license_url", "track_genres", "track_title", "sample_key", "start_time")
    metadata: list[tuple[object, ...]] = []
    labels: list[tuple[object, ...]] = []
    for key, facts in OPENMIC.items():
        sound(folder / "audio" / key[:3] / f"{key}.ogg", seconds=10.0)
        url = f"http://creativecommons.org/licenses/{facts['licence']}/3.0/"
        metadata.append(("Somebody", "some licence", url, "[{'genre_title': 'Rock'}]", "A song", key, 3.84))
        labels += [(key, name, value, 3) for name, value in facts.items() if isinstance(value, float)]
    table(folder / "openmic-2018-metadata.csv", header, metadata)
    table(folder / "openmic-2018-aggregated-labels.csv", ("sample_key", "instrument", "relevance", "num"), labels)
    for split in ("train", "test"):
        keys = [(key,) for key, facts in OPENMIC.items() if facts["split"] == split]
        table(folder / "partitions" / f"split01_{split}.csv", (), keys)
    files = {key: {"audio": f"audio/{key[:3]}/{key}.ogg", "vggish": f"vggish/{key}.json"} for key in OPENMIC}
    index(folder / "openmic2018_index_1.0.json", files)
    return folder


def irmas(folder: Path) -> Path:
    """Six training excerpts of five songs, two testing excerpts of one song."""
    training = {
        "0189__1": "cla/[cla][cla]0189__1.wav",
        "0189__2": "cla/[cla][cla]0189__2.wav",
        "0058__1": "gel/008__[gel][dru][pop_roc]0058__1.wav",
        "0300__1": "vio/[vio][cla]0300__1.wav",
        "0301__1": "pia/[pia][jaz_blu]0301__1.wav",
        "0302__1": "gac/[gac][nod][cou_fol]0302__1.wav",
    }
    testing = {"1": "02 - And The Body-1", "2": "02 - And The Body-2"}
    files: dict[str, dict[str, str | None]] = {}
    for key, name in training.items():
        sound(folder / "IRMAS-TrainingData" / name, channels=2)
        files[key] = {"audio": f"IRMAS-TrainingData/{name}", "annotation": f"IRMAS-TrainingData/{name}"}
    for key, name in testing.items():
        path = f"IRMAS-TestingData-Part1/Part1/{name}"
        sound(folder / f"{path}.wav", channels=2)
        (folder / f"{path}.txt").write_text("gel\t\nvoi\t\n")
        files[key] = {"audio": f"{path}.wav", "annotation": f"{path}.txt"}
    index(folder / "irmas_index_1.0.json", files)
    return folder


def medley_solos_db(folder: Path) -> Path:
    """One clip of each part."""
    rows = [("training", "flute", 3, 1), ("validation", "tenor saxophone", 5, 2), ("test", "female singer", 2, 3)]
    table(
        folder / "annotation" / "Medley-solos-DB_metadata.csv",
        ("subset", "instrument", "instrument_id", "song_id", "uuid4"),
        [(*row, f"uuid-{row[0]}") for row in rows],
    )
    files: dict[str, dict[str, str | None]] = {}
    for subset, _, number, _ in rows:
        name = f"audio/Medley-solos-DB_{subset}-{number}_uuid-{subset}.wav"
        sound(folder / name)
        files[f"uuid-{subset}"] = {"audio": name}
    index(folder / "medley_solos_db_index_1.2.json", files)
    return folder


def guitarset(folder: Path) -> Path:
    """An excerpt of each of the six players, by microphone and by pickup."""
    files: dict[str, dict[str, str | None]] = {}
    for player in range(6):
        key = f"{player:02d}_BN3-119-G_solo"
        microphone, pickup = f"audio_mono-mic/{key}_mic.wav", f"audio_mono-pickup_mix/{key}_mix.wav"
        sound(folder / microphone)
        sound(folder / pickup)
        files[key] = {
            "audio_hex_cln": f"audio_hex-pickup_debleeded/{key}_hex_cln.wav",
            "audio_hex": f"audio_hex-pickup_original/{key}_hex.wav",
            "audio_mic": microphone,
            "audio_mix": pickup,
            "jams": f"annotation/{key}.jams",
        }
    index(folder / "guitarset_index_1.1.0.json", files)
    return folder


STEMS = {"S00": ("Distortion Guitar", 30), "S01": ("Drums", 128), "S02": ("Harmonica", 22), "S03": ("Piano", 0)}


def slakh2100(folder: Path, baby: bool = False) -> Path:
    """A song of each part, and a double; the last stem of each song was never rendered."""
    songs = {"Track00001": "train", "Track00002": "validation", "Track00003": "test", "Track00004": "omitted"}
    files: dict[str, dict[str, str | None]] = {}
    for song, split in songs.items():
        home = f"babyslakh_16k/{song}" if baby else f"slakh2100_flac_redux/{split}/{song}"
        ending = "wav" if baby else "flac"
        lines = ["UUID: 1", "stems:"]
        for stem, (name, program) in STEMS.items():
            lines += [f"  {stem}:", f"    midi_program_name: {name}", f"    program_num: {program}"]
            audio = None if stem == "S03" else f"{home}/stems/{stem}.{ending}"
            if audio:
                sound(folder / audio)
            files[f"{song}-{stem}"] = {"audio": audio, "midi": None, "metadata": f"{home}/metadata.yaml"}
        (folder / home / "metadata.yaml").write_text("\n".join(lines))
    version = "baby" if baby else "2100-redux"
    index(folder / f"slakh_index_{version}.json", files, version=version)
    return folder


def medleydb(folder: Path) -> Path:
    """Three songs by three artists, one with bleed."""
    songs = {
        "V1/AClassic_NightOwl": ("no", ("electric bass", "violin section", "Main System")),
        "V1/BigTroubles_Phantom": ("yes", ("female singer", "tambourine")),
        "V2/Choir_Song": ("no", ("[piano, vocalists]", "flute")),
    }
    for home, (bleed, instruments) in songs.items():
        name = home.split("/")[1]
        lines = [f"has_bleed: '{bleed}'", f"stem_dir: {name}_STEMS", "stems:"]
        for number, instrument in enumerate(instruments, 1):
            file = f"{name}_STEM_{number:02d}.wav"
            sound(folder / home / f"{name}_STEMS" / file)
            lines += [f"  S{number:02d}:", f"    filename: {file}", f"    instrument: {instrument}"]
        (folder / home / f"{name}_METADATA.yaml").write_text("\n".join(lines))
        (folder / home / f"._{name}_METADATA.yaml").write_text("what a Mac leaves beside a file")
    return folder


NOTE_COLUMNS = ("start_time", "end_time", "instrument", "note", "start_beat", "end_beat", "note_value")


def musicnet(folder: Path) -> Path:
    """Two recordings of one training composition, one of another, and one to test."""
    notes = [(0, 44_100, 41, 60), (22_050, 66_150, 1, 48), (88_200, 132_300, 41, 62)]
    for split, numbers in {"train": (1788, 1789, 1790), "test": (2303,)}.items():
        for number in numbers:
            sound(folder / "musicnet" / f"{split}_data" / f"{number}.wav", seconds=3.0)
            rows = [(*note, 0.0, 1.0, "Quarter") for note in notes]
            table(folder / "musicnet" / f"{split}_labels" / f"{number}.csv", NOTE_COLUMNS, rows)
    pieces = [(1788, "Schubert", "Piano Quintet"), (1789, "Schubert", "Piano Quintet"), (1790, "Bach", "Suite 1")]
    table(folder / "musicnet_metadata.csv", ("id", "composer", "composition"), pieces)
    return folder


def nsynth(folder: Path) -> Path:
    """A note or two of each part."""
    parts = {
        "nsynth-train": (("bass", "synthetic"), ("mallet", "acoustic"), ("flute", "synthetic")),
        "nsynth-valid": (("reed", "acoustic"),),
        "nsynth-test": (("organ", "electronic"),),
    }
    for part, notes in parts.items():
        rows: dict[str, dict[str, str]] = {}
        for family, source in notes:
            instrument = f"{family}_{source}_{part[-3:]}"
            sound(folder / part / "audio" / f"{instrument}-060-100.wav", seconds=4.0)
            facts = {"instrument_family_str": family, "instrument_source_str": source, "instrument_str": instrument}
            rows[f"{instrument}-060-100"] = facts
        (folder / part / "examples.json").write_text(json.dumps(rows))
    return folder


def urmp(folder: Path) -> Path:
    """Four pieces, two of them arrangements of one."""
    for piece in ("01_Jupiter_vn_vc", "02_Sonata_vn_vn", "24_Pirates_vn_tpt", "25_Pirates_vn_sax"):
        number, title, *players = piece.split("_")
        sound(folder / "Dataset" / piece / f"AuMix_{piece}.wav")
        for place, player in enumerate(players, 1):
            sound(folder / "Dataset" / piece / f"AuSep_{place}_{player}_{number}_{title}.wav")
    return folder


ALL = {
    "openmic2018": openmic2018,
    "irmas": irmas,
    "medleydb": medleydb,
    "medley_solos_db": medley_solos_db,
    "musicnet": musicnet,
    "slakh2100": slakh2100,
    "nsynth": nsynth,
    "guitarset": guitarset,
    "urmp": urmp,
}
"""Name of a data set to the function that writes a small one."""
