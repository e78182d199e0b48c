"""The recipe: fetches the sources, makes their clips, adds folders and data sets, splits by group, writes the manifest.

The corpus of one seed is the same wherever and however often it is made: each clip draws from a generator of its own,
and rows stand in the order of the sources. A clip that is there is not made again, and none is ever there in part.
"""

import csv
import json
import logging
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import soundfile
from rich.progress import Progress

from ..errors import EarmarkError, UsageError
from .datasets.experiments import parse
from .datasets.manifests import manifest_rows
from .licences import is_wanted
from .makers import (
    Job,
    font_jobs,
    generator,
    kit_jobs,
    note_jobs,
    patch_jobs,
    piano_jobs,
    score_jobs,
    synth_jobs,
)
from .manifest import read_manifest, write_manifest
from .registry import fetch
from .render import write_clip
from .sources import SOURCES, Source
from .speech import speech_rows
from .splits import shared_groups, split

log = logging.getLogger(__name__)

Row = dict[str, str]

COLUMNS = (
    "path", "label", "kind", "source", "licence", "dur_s", "player", "group", "split", "start_s", "present", "absent",
)  # fmt: skip
PACKAGES, CLIPS, IMPULSES = ".packages", "clips", "impulses"
NOTE = "recipe.json"
PEAK = (0.3, 0.85)
ADDED = "added"
"""Stands among the names of sources for none: only what is added."""
FILED = ("kits", "recordings", "speech", "impulses")
"""Kinds whose packages need not all hold what is looked for."""


@dataclass(frozen=True)
class Recipe:
    """What to build into `out`: `sources`, the `added` folders or data sets, without the licences `unwanted`."""

    out: Path
    sources: tuple[Source, ...]
    added: tuple[str, ...] = ()
    unwanted: frozenset[str] = frozenset()
    seed: int = 1


def choose(names: Sequence[str]) -> tuple[Source, ...]:
    """The sources of these names, in the table's order; all where no name is given, none for `ADDED` alone.

    Raises UsageError for a name that is not in the table.
    """
    known = [*(source.name for source in SOURCES), ADDED]
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"no source is called {', '.join(unknown)}; there are {', '.join(known)}")
    return tuple(source for source in SOURCES if not names or source.name in names)


def build(recipe: Recipe, progress: Progress) -> list[Row]:
    """Build the corpus and return its rows; what an earlier run of the same seed made is kept.

    Raises UsageError where it cannot be built as asked, EarmarkError where a package or a program fails.
    """
    _check_seed(recipe)
    sources = [source for source in recipe.sources if _has_wanted(source, recipe.unwanted)]
    folders = _fetched(sources, recipe.out / PACKAGES, progress)
    jobs = [job for job in _jobs(sources, folders, recipe.seed) if is_wanted(job.licence, recipe.unwanted)]
    rows = [*_made(jobs, recipe, progress), *_recorded(sources, folders)]
    rows += [row for text in recipe.added for row in added_rows(text) if is_wanted(row["licence"], recipe.unwanted)]
    if not rows:
        raise UsageError("nothing is left to build from: name other sources, or allow their licences")
    _write_impulses(sources, folders, recipe.out / IMPULSES)
    whole = [{column: row.get(column, "") for column in COLUMNS} for row in rows]
    for row, side in zip(whole, split(whole, recipe.seed), strict=True):
        row["split"] = side
    if shared := shared_groups(whole):
        raise UsageError(f"groups both in training and in validation: {', '.join(shared)}; give each one split")
    write_manifest(recipe.out, whole)
    return whole


def _check_seed(recipe: Recipe) -> None:
    recipe.out.mkdir(parents=True, exist_ok=True)
    note = recipe.out / NOTE
    if note.exists():
        seed = json.loads(note.read_text())["seed"]
        if seed != recipe.seed:
            raise UsageError(f"{recipe.out} was built with --seed {seed}; keep that seed or give another folder")
    note.write_text(json.dumps({"seed": recipe.seed}) + "\n")


def _has_wanted(source: Source, unwanted: frozenset[str]) -> bool:
    licences = [licence for _, licence in source.kits.values()] or [source.licence]
    return any(is_wanted(licence, unwanted) for licence in licences)


def _fetched(sources: Sequence[Source], folder: Path, progress: Progress) -> dict[str, list[Path]]:
    """Folders of the packages of each source."""
    task = progress.add_task("packages", total=sum(len(source.packages) for source in sources))
    found: dict[str, list[Path]] = {}
    for source in sources:
        found[source.name] = []
        for package in source.packages:
            progress.update(task, description=package.name)
            found[source.name].append(fetch(package, folder))
            progress.advance(task)
    progress.update(task, description="packages")
    return found


def _jobs(sources: Sequence[Source], folders: Mapping[str, list[Path]], seed: int) -> Iterator[Job]:
    fonts = [(source, folders[source.name][0] / source.files) for source in sources if source.kind == "font"]
    for source in sources:
        homes = [folder / source.files for folder in folders[source.name]]
        if missing := [home for home in homes if source.kind not in FILED and not home.exists()]:
            raise EarmarkError(f"{source.name}: {missing[0]} is not in the package as it was; leave it out: see --only")
        if source.kind == "synth":
            yield from synth_jobs(source)
        elif source.kind == "font":
            yield from font_jobs(source, homes[0])
        elif source.kind == "patches":
            yield from patch_jobs(source, homes[0])
        elif source.kind == "notes":
            yield from note_jobs(source, homes[0])
        elif source.kind == "piano":
            yield from piano_jobs(source, homes)
        elif source.kind == "kits":
            for home in homes:
                yield from kit_jobs(source, home)
        elif source.kind == "scores":
            if not fonts:
                raise UsageError(f"{source.name} is a source of scores, which need a font: add --only fluidr3")
            yield from score_jobs(source, homes[0], fonts, seed)


def _made(jobs: Sequence[Job], recipe: Recipe, progress: Progress) -> Iterator[Row]:
    """Rows of the jobs' clips, which are made where they are not there yet."""
    (recipe.out / CLIPS).mkdir(exist_ok=True)
    task = progress.add_task("clips", total=len(jobs))
    for job in jobs:
        path = recipe.out / CLIPS / f"{job.name}.flac"
        try:
            length_s = soundfile.info(path).duration if path.exists() else _make(job, path, recipe.seed)
        except ValueError as empty:
            log.warning("left out: %s", empty)
            continue
        finally:
            progress.advance(task)
        yield {
            "path": str(path.relative_to(recipe.out)),
            "label": job.label,
            "kind": "rendered",
            "source": job.source,
            "licence": job.licence,
            "dur_s": f"{length_s:.2f}",
            "player": job.group,
            "group": job.group,
        }


def _make(job: Job, path: Path, seed: int) -> float:
    random = generator(seed, job.name)
    return write_clip(job.make(random), path, float(random.uniform(*PEAK)))


def _recorded(sources: Sequence[Source], folders: Mapping[str, list[Path]]) -> Iterator[Row]:
    """Rows of recordings that packages hold; they are read where they were unpacked."""
    for source in sources:
        for folder in folders[source.name]:
            base = folder.parent.parent
            if source.kind == "speech":
                for row in speech_rows(folder / source.files, source.name, source.licence):
                    yield row | {"path": str(Path(row["path"]).relative_to(base)), "group": row["player"]}
            elif source.kind == "recordings":
                for path in sorted(folder.glob(source.files)):
                    yield {
                        "path": str(path.relative_to(base)),
                        "label": source.label,
                        "kind": source.form,
                        "source": source.name,
                        "licence": source.licence,
                        "dur_s": f"{soundfile.info(path).duration:.2f}",
                        "player": source.family,
                        "group": source.family,
                    }


def added_rows(text: str) -> Iterable[Row]:
    """Rows of a folder with a manifest, or of a data set given as `NAME:DIR`, their paths absolute.

    A folder's rows keep their labels; their group is their `group`, else their player, else their source.
    Raises UsageError where there is no such folder, manifest or data set.
    """
    named = parse(text)
    if named is not None:
        data_set, folder = named
        return manifest_rows(data_set.read(folder))
    folder = Path(text)
    try:
        rows = read_manifest(folder)
    except OSError as missing:
        raise UsageError(f"{folder} has no manifest.csv to add; write one, or give a data set as NAME:DIR") from missing
    group = "player" if rows and "group" not in rows[0] else "group"
    return [
        row | {"path": str((folder / row["path"]).resolve())} | {"group": row[group] or row["player"] or row["source"]}
        for row in rows
    ]


def _write_impulses(sources: Sequence[Source], folders: Mapping[str, list[Path]], out: Path) -> None:
    """Copies the impulses into `out`, with a table; amplifiers and their cabinets lie in folders, rooms beside them."""
    rows: list[Row] = []
    for source in sources:
        for folder in folders[source.name] if source.kind == "impulses" else ():
            home = folder / source.files
            for path in sorted(home.rglob("*.wav")):
                name = f"{source.name}_{len(rows):03d}.wav"
                out.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, out / name)
                kind = "room" if path.parent == home else "cabinet"
                rows.append({"path": name, "kind": kind, "source": source.name, "licence": source.licence})
    if rows:
        with (out / "impulses.csv").open("w", newline="", encoding="utf-8") as table:
            writer = csv.DictWriter(table, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
