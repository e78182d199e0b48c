"""The numbers of reports as tables: rows of text, from which the page and the Markdown are made."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..labels import MODEL_LABELS
from .evaluate import Report
from .figures import Tagging
from .sweep import AtThreshold, AtTop

Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A `caption`, the names of the columns, and `rows` whose first cell names the row."""

    caption: str
    header: Row
    rows: tuple[Row, ...]


def summary(reports: Sequence[Report]) -> Table:
    """All models side by side, a row each."""
    header = (
        "Model",
        "Top-1",
        "Family",
        "ECE",
        "mAP one",
        "Micro F1 one",
        "Macro F1 one",
        "LRAP one",
        "mAP several",
        "Micro F1 several",
        "LRAP several",
        "False alarms",
        "MB",
        "ms a window (p50)",
    )
    rows: list[Row] = []
    for report in reports:
        naming, one, several = report.figures.naming, report.figures.one, report.figures.several
        shown = (naming.top1, naming.family, naming.ece, one.mean_ap, one.micro_f1, one.macro_f1, one.lrap)
        shown += (several.mean_ap, several.micro_f1, several.lrap, report.figures.alarms.get("any"))
        size = f"{report.size_bytes / 1e6:.1f}"
        rows.append((report.title, *map(_three, shown), size, _two(report.speed.p50_ms)))
    return Table("All models, the main figures", header, tuple(rows))


def tagging(reports: Sequence[Report]) -> Table:
    """Figures at each model's own thresholds, for one instrument and for several."""
    names = ("Precision", "Recall", "Micro F1", "Macro F1", "mAP", "LRAP", "Exact match", "Hamming score")
    rows: list[Row] = []
    for report in reports:
        for kind, found in (("one", report.figures.one), ("several", report.figures.several)):
            rows.append((f"{report.title}, {kind}", str(found.windows), *map(_three, _shares(found))))
    return Table("Labels at the thresholds of the file", ("Model", "Windows", *names), tuple(rows))


def naming(reports: Sequence[Report]) -> Table:
    """The highest score where one instrument plays, and COD's figures."""
    header = ("Model", "Windows", "Top-1", "Top-1, mean of labels", "Family", "ECE")
    header += ("COD's windows", "COD's micro F1", "COD's ECE")
    rows: list[Row] = []
    for report in reports:
        found, cod = report.figures.naming, report.figures.cod
        own = map(_three, (found.top1, found.top1_macro, found.family, found.ece))
        rows.append((report.title, str(found.windows), *own, str(cod.windows), _three(cod.micro_f1), _three(cod.ece)))
    return Table("The highest score, and COD's figures (20 labels, 30 bins)", header, tuple(rows))


def alarms(reports: Sequence[Report]) -> Table:
    """Shares of windows without an instrument in which one was heard."""
    kinds = sorted({kind for report in reports for kind in report.figures.alarms})
    rows = [(report.title, *(_three(report.figures.alarms.get(kind)) for kind in kinds)) for report in reports]
    return Table("False alarms: share of windows in which an instrument is heard", ("Model", *kinds), tuple(rows))


def speed(reports: Sequence[Report]) -> Table:
    """Size and milliseconds a window."""
    header = ("Model", "MB", "Labels", "Batch", "p50 ms", "p95 ms", "p99 ms", "Worst ms", "Computed on")
    rows: list[Row] = []
    for report in reports:
        found = report.speed
        times = map(_two, (found.p50_ms, found.p95_ms, found.p99_ms, found.max_ms))
        where = f"{found.device}; {found.processor}"
        size = f"{report.size_bytes / 1e6:.1f}"
        rows.append((report.title, size, str(report.labels), str(found.batch), *times, where))
    return Table("Size, and milliseconds a window", header, tuple(rows))


def by_classes(reports: Sequence[Report]) -> Table:
    """Figures over the classes of an earlier system, by its rules; of reports that have them."""
    header = ("Model", "Judged", "One class right", "Accuracy", "ECE", "Label accuracy", "Exact match", "Micro F1")
    rows: list[Row] = []
    caption = "By an earlier system's rules"
    for report in reports:
        found = report.classes
        if found is None:
            continue
        out = f", without {', '.join(found.left_out)}" if found.left_out else ""
        caption = f"{caption.partition(':')[0]}: {found.experiment}, {len(found.classes)} classes{out}"
        figures = (found.accuracy, found.ece, found.label_accuracy, found.exact_match, found.micro_f1, found.macro_f1)
        counts = (f"{found.judged} {found.judged_by}", str(found.single))
        rows.append((report.title, *counts, *map(_three, (*figures, found.mean_ap))))
    return Table(caption, (*header, "Macro F1", "mAP"), tuple(rows))


def bins(report: Report) -> Table:
    """The numbers of the reliability diagram."""
    rows = tuple(
        (f"{one.low:.2f} to {one.high:.2f}", str(one.windows), _three(one.confidence), _three(one.accuracy))
        for one in report.figures.bins
    )
    header = ("Confidence", "Windows", "Mean confidence", "Share right")
    return Table(f"Reliability of {report.title}", header, rows)


def sweep(report: Report) -> Table:
    """One threshold for all labels, step by step."""
    return _sweep(f"Threshold sweep of {report.title}", report.figures.sweep)


def top_n(report: Report) -> Table:
    """The n highest scores."""
    return _top_n(f"The highest scores of {report.title}, whatever their height", report.figures.top_n)


def sweeps_of_classes(report: Report) -> list[Table]:
    """The same two tables over the classes of an earlier system, where there are such figures."""
    if report.classes is None:
        return []
    of = f"of {report.title}, classes of {report.classes.experiment}"
    return [
        _sweep(f"Threshold sweep {of}", report.classes.sweep),
        _top_n(f"The highest scores {of}", report.classes.top_n),
    ]


def labels(report: Report) -> Table:
    """Every label by itself."""
    header = ("Label", "Threshold", "Windows", "Top-1", "Precision", "Recall", "F1", "Accuracy", "AP one", "AP several")
    rows = tuple(
        (
            one.label.replace("_", " "),
            _three(one.threshold),
            str(one.windows),
            _three(one.top1),
            *map(_three, (one.precision, one.recall, one.f1, one.accuracy)),
            _three(one.average_precision),
            _three(one.average_precision_several),
        )
        for one in report.figures.labels
    )
    return Table(f"Labels of {report.title}", header, rows)


def confusions(report: Report, most: int = 3, least: float = 0.05) -> Table:
    """What each label is called instead: the `most` commonest names with a share of at least `least`."""
    rows: list[Row] = []
    for truth, shares in enumerate(report.figures.confusion):
        if not any(shares):
            continue
        order = sorted((place for place in range(len(shares)) if place != truth), key=lambda place: -shares[place])
        said = [f"{_name(place)} {shares[place]:.0%}" for place in order[:most] if shares[place] >= least]
        rows.append((_name(truth), f"{shares[truth]:.0%}", ", ".join(said) or "none"))
    return Table(f"Confusions of {report.title}", ("Label", "Right", "Called instead"), tuple(rows))


def _sweep(caption: str, found: Sequence[AtThreshold]) -> Table:
    header = ("Threshold", "Recall", "Accuracy", "Precision", "Micro F1", "Macro F1", "Identified")
    rows = tuple((f"{one.threshold:.2f}", *map(_three, _at(one)), _two(one.false_positives)) for one in found)
    return Table(caption, (*header, "False positives a window"), rows)


def _top_n(caption: str, found: Sequence[AtTop]) -> Table:
    rows = tuple((str(one.n), _three(one.identified), _two(one.false_positives)) for one in found)
    return Table(caption, ("Labels taken", "Identified", "False positives a window"), rows)


def _shares(found: Tagging) -> Sequence[float]:
    quality = (found.micro_precision, found.micro_recall, found.micro_f1, found.macro_f1)
    return (*quality, found.mean_ap, found.lrap, found.exact_match, found.hamming_score)


def _at(row: AtThreshold) -> Sequence[float]:
    return row.recall, row.accuracy, row.precision, row.micro_f1, row.macro_f1, row.identified


def _name(column: int) -> str:
    return MODEL_LABELS[column].replace("_", " ")


def _three(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"


def _two(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"
