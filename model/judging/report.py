"""A folder that shows how models fare: `index.html`, `report.md`, `report.json` and pictures.

The page works without sight and without scripts: a heading for each part, tables with captions and named rows and
columns, and beside every picture its words and its numbers.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from html import escape
from importlib.util import find_spec
from pathlib import Path

from ..errors import UsageError
from . import tables
from .evaluate import Report
from .plots import Picture, draw
from .tables import Table

PAGE, MARKDOWN, NUMBERS = "index.html", "report.md", "report.json"

STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 75rem; margin: 0 auto; padding: 1rem }
body { color: #000; background: #fff }
a { color: #0050a0 }
.wide { overflow-x: auto }
table { border-collapse: collapse; margin: 1rem 0 }
caption { text-align: left; font-weight: bold; padding: .25rem 0 }
th, td { border: 1px solid #595959; padding: .25rem .5rem; text-align: right }
th { background: #eee }
th[scope=row], th:first-child { text-align: left; white-space: nowrap }
img { max-width: 100%; height: auto; border: 1px solid #595959 }
figure { margin: 1rem 0 }
"""

DEFINITIONS = (
    ("Windows", "One second of sound. “One” plays one instrument, “several” is the sum of two, equally loud."),
    (
        "Top-1",
        "The highest score names the instrument that plays. Where only the group is known, any member is right.",
    ),
    ("Family", "The highest score names an instrument of the right family."),
    (
        "ECE",
        "Calibration error: the mean gap between how sure the model is and how often it is right, over 15 bins of "
        "the highest score. COD's has 30 bins, and only COD's 20 labels compete.",
    ),
    ("F1, precision, recall", "At the thresholds of the model file. Micro counts all labels together."),
    ("Macro F1, mAP", "Means over the labels that have at least five windows; mAP needs no threshold."),
    ("LRAP", "How high the right labels rank among all."),
    ("Exact match", "Share of windows of which every label is decided rightly."),
    ("Hamming score", "Share of all labels of all windows that are decided rightly; also the mean accuracy of labels."),
    (
        "Threshold sweep",
        "Windows with one instrument or several. Recall and precision are means over windows, 1 where there is nothing "
        "to divide by; identified is the share of all right labels that are found.",
    ),
    (
        "An earlier system's rules",
        "Its classes, and windows, whole recordings or sums of two as it judged them. A class's score is the highest "
        "of its labels, a recording's the highest of its windows. Accuracy (COD's micro F1): the highest class is the "
        "right one, where one class is right; ECE has 30 bins of a softmax over the classes. At a threshold of 0.5: "
        "label accuracy, exact match, F1.",
    ),
    ("Unknown labels", "A label of which nobody knows whether it is right counts nowhere."),
)


def prepare(folder: Path) -> None:
    """Make the folder, and make sure before hours of judging that it can be written and that plots can be drawn.

    Raises UsageError where one of them is not so.
    """
    if find_spec("matplotlib") is None:
        raise UsageError('a report needs matplotlib: pip install "earmark[bench]", or leave out --report')
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / NUMBERS).touch()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"cannot write the report to {folder} ({reason}): name another with --report") from None


def write(reports: Sequence[Report], folder: Path) -> Path:
    """Write everything on `reports`, at least one, to a folder that is prepared; returns the page's path."""
    (folder / NUMBERS).write_text(as_json(reports), encoding="utf-8")
    (folder / MARKDOWN).write_text(markdown(tables.summary(reports)), encoding="utf-8")
    (folder / PAGE).write_text(page(reports, draw(reports, folder)), encoding="utf-8")
    return folder / PAGE


def as_json(reports: Sequence[Report]) -> str:
    """All numbers, as a JSON list."""
    return json.dumps([asdict(report) for report in reports], indent=1) + "\n"


def markdown(table: Table) -> str:
    """A table in Markdown, its caption first."""
    rule = ("---", *("---:" for _ in table.header[1:]))
    lines = ("| " + " | ".join(cells) + " |" for cells in (table.header, rule, *table.rows))
    return f"**{table.caption}**\n\n" + "\n".join(lines) + "\n"


def page(reports: Sequence[Report], pictures: Sequence[Picture]) -> str:
    """The HTML page; `pictures` lie beside it: three that show all models, then two for each."""
    shared, own = pictures[:3], pictures[3:]
    parts = [
        f"<p>{escape(_data(reports[0]))}</p>",
        "<h2>Side by side</h2>",
        *map(_table, (tables.summary(reports), tables.naming(reports), tables.tagging(reports))),
        *map(_table, (tables.alarms(reports), tables.speed(reports))),
        *([_table(tables.by_classes(reports))] if any(report.classes for report in reports) else []),
        *map(_figure, shared),
    ]
    for number, report in enumerate(reports):
        parts += _chapter(report, own[2 * number : 2 * number + 2])
    parts += ["<h2>What the figures mean</h2>", "<dl>"]
    parts += [f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in DEFINITIONS]
    parts.append("</dl>")
    return _document("How the models fare: " + ", ".join(report.title for report in reports), parts)


def _chapter(report: Report, pictures: Iterable[Picture]) -> list[str]:
    confusion, curves = pictures
    title = escape(report.title)
    return [
        f"<h2>{title}</h2>",
        f"<p>{escape(_model(report))}</p>",
        f"<h3>Labels of {title}</h3>",
        _table(tables.labels(report)),
        _figure(curves),
        f"<h3>Confusions of {title}</h3>",
        _figure(confusion),
        _table(tables.confusions(report)),
        f"<h3>Confidence of {title}</h3>",
        _table(tables.bins(report)),
        f"<h3>Thresholds of {title}</h3>",
        _table(tables.sweep(report)),
        _table(tables.top_n(report)),
        *map(_table, tables.sweeps_of_classes(report)),
    ]


def _model(report: Report) -> str:
    sound = f"{report.window} samples at {report.sample_rate} Hz"
    return f"File {report.file}: {report.name} {report.version}; hears {sound}. Licence: {report.license}."


def _data(report: Report) -> str:
    counted = ", ".join(f"{number} {kind}" for kind, number in report.windows.items())
    return f"Judged on {report.data}, in windows of one second: {counted}."


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.header)
    rows = "\n".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in table.rows
    )
    caption = escape(table.caption)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{caption}"><table><caption>{caption}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


def _figure(picture: Picture) -> str:
    image = f'<img src="{escape(picture.file)}" alt="{escape(picture.words)}">'
    return f"<figure>{image}<figcaption>{escape(picture.title)}</figcaption></figure>"


def _document(title: str, parts: Iterable[str]) -> str:
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}<title>{escape(title)}</title><style>{STYLE}</style></head>\n'
        f"<body><main><h1>{escape(title)}</h1>\n{body}\n</main></body></html>\n"
    )
