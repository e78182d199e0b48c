"""Pictures of reports, as PNG files, each with words that say what it shows.

Colours are dark on white (at least 4.5 to 1), and lines differ in dash and marker too: colour alone says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..labels import FAMILIES, MODEL_LABELS, family_of
from .evaluate import Report
from .figures import MICRO, Bin, Points

COLOURS = ("#000000", "#0050a0", "#b03000", "#00664f", "#7a2e8e", "#7a5200")
DASHES = ("-", "--", "-.", ":")
MARKERS = ("o", "s", "^", "D", "v", "X")
DPI = 110
FONT: dict[Any, Any] = {"font.size": 11, "axes.grid": True, "grid.alpha": 0.3, "figure.facecolor": "white"}


@dataclass(frozen=True)
class Picture:
    """A PNG file's name in the report's folder, its `title`, and `words` for those who do not see it."""

    file: str
    title: str
    words: str


def draw(reports: Sequence[Report], folder: Path) -> list[Picture]:
    """Write all pictures of `reports` to `folder`; first those that show all models side by side."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    with pyplot.rc_context(FONT):
        pictures = [_reliability(reports, folder), _curves(reports, folder), _sweep(reports, folder)]
        for number, report in enumerate(reports, 1):
            pictures += [_confusion(report, folder, number), _families(report, folder, number)]
    return pictures


def reliability_words(report: Report) -> str:
    """What the reliability diagram of one model shows."""
    used = [(one, _gap(one)) for one in report.figures.bins if one.windows]
    if not used:
        return f"{report.title} was given no window of one instrument."
    over = sum(gap * one.windows for one, gap in used) / sum(one.windows for one, _ in used)
    worst, _ = max(used, key=lambda pair: abs(pair[1]) * pair[0].windows)
    lean = "more sure than right" if over > 0 else "more often right than sure"
    return (
        f"{report.title} is {lean}, by {abs(over):.2f} on average; calibration error {report.figures.naming.ece:.3f}. "
        f"Most of it comes from confidences of {worst.low:.2f} to {worst.high:.2f}, "
        f"where it says {worst.confidence:.2f} and {worst.accuracy:.2f} is right ({worst.windows} windows)."
    )


def confusion_words(report: Report, most: int = 5) -> str:
    """The pairs of labels that one model confuses most."""
    matrix = np.array(report.figures.confusion)
    judged = matrix.any(1)
    if not judged.any():
        return f"{report.title} was given no window of one instrument."
    right = float(np.diag(matrix)[judged].mean())
    wrong = matrix * (1 - np.eye(len(matrix)))
    pairs = [divmod(int(place), len(matrix)) for place in np.argsort(-wrong, axis=None, kind="stable")[:most]]
    said = [f"{_name(t)} is called {_name(f)} in {matrix[t, f]:.0%}" for t, f in pairs if wrong[t, f] > 0]
    told = f"The most frequent confusions: {'; '.join(said)} of its windows." if said else "It confuses none."
    return f"{report.title}: on average over labels {right:.0%} of the windows lie on the diagonal. {told}"


def _reliability(reports: Sequence[Report], folder: Path) -> Picture:
    figure, axes = _figure(7.5, 6)
    axes.plot([0, 1], [0, 1], color="#595959", linewidth=1, label="as sure as right")
    for place, report in enumerate(reports):
        used = [one for one in report.figures.bins if one.windows]
        axes.plot([one.confidence for one in used], [one.accuracy for one in used], label=report.title, **_style(place))
    axes.set(xlabel="confidence (highest score)", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1))
    axes.legend(loc="upper left")
    words = "Share of right answers against confidence; the diagonal is a model that is as sure as it is right. "
    return _save(
        figure, folder, "reliability.png", "Reliability", words + " ".join(reliability_words(one) for one in reports)
    )


def _curves(reports: Sequence[Report], folder: Path) -> Picture:
    figure, axes = _figure(7.5, 6)
    words = ["Precision against recall, all labels together, as the threshold falls."]
    for place, report in enumerate(reports):
        curve = next((one for one in report.figures.curves if one.label == MICRO), None)
        if curve is None:
            continue
        axes.plot(curve.recall, curve.precision, label=report.title, markevery=0.1, **_style(place))
        each = ", ".join(f"{precision_at(curve, recall):.2f} at {recall}" for recall in (0.5, 0.7, 0.9))
        words.append(f"{report.title}: precision by recall is {each}.")
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.01))
    axes.legend(loc="lower left")
    return _save(figure, folder, "precision-recall.png", "Precision and recall", " ".join(words))


def _sweep(reports: Sequence[Report], folder: Path) -> Picture:
    figure, axes = _figure(7.5, 6)
    words = ["Micro F1 when one threshold serves all labels."]
    for place, report in enumerate(reports):
        rows = report.figures.sweep
        axes.plot([row.threshold for row in rows], [row.micro_f1 for row in rows], label=report.title, **_style(place))
        best = max(rows, key=lambda row: row.micro_f1)
        words.append(f"{report.title} is best at {best.threshold:.2f}, with {best.micro_f1:.3f}.")
    axes.set(xlabel="threshold", ylabel="micro F1", xlim=(0, 1), ylim=(0, 1))
    axes.legend(loc="lower left")
    return _save(figure, folder, "thresholds.png", "Threshold sweep", " ".join(words))


def _confusion(report: Report, folder: Path, number: int) -> Picture:
    judged = [place for place, row in enumerate(report.figures.confusion) if any(row)]
    matrix = np.array(report.figures.confusion)[judged] if judged else np.zeros((1, len(MODEL_LABELS)))
    figure, axes = _figure(13, 1.5 + 0.32 * len(matrix) + 1.5)
    axes.imshow(matrix, cmap="Greys", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(MODEL_LABELS)), [_name(place) for place in range(len(MODEL_LABELS))], rotation=90)
    axes.set_yticks(range(len(judged)), [_name(place) for place in judged])
    axes.set(xlabel="called", ylabel="is")
    axes.grid(visible=False)
    for row, column in zip(*np.nonzero(matrix >= 0.05), strict=True):
        share = matrix[row, column]
        colour = "white" if share > 0.5 else "black"
        axes.text(column, row, f"{share:.0%}".rstrip("%"), ha="center", va="center", color=colour, fontsize=8)
    file = f"confusion-{number}.png"
    return _save(figure, folder, file, f"Confusions of {report.title}, in per cent", confusion_words(report))


def _families(report: Report, folder: Path, number: int) -> Picture:
    figure, panels = _figure(12, 11, 3, 3)
    for family, axes in zip(FAMILIES, np.ravel(panels), strict=False):
        own = [one for one in report.figures.curves if one.label != MICRO and family_of(one.label) == family]
        for place, curve in enumerate(own):
            axes.plot(
                curve.recall, curve.precision, label=curve.label.replace("_", " "), markevery=0.2, **_style(place)
            )
        axes.set(title=family, xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.01))
        if own:
            axes.legend(fontsize=7, loc="lower left")
    rated = [one for one in report.figures.labels if one.average_precision is not None]
    rated.sort(key=lambda one: one.average_precision or 0.0)
    words = f"One panel for each family of instruments, one curve for each label of {report.title}."
    if rated:
        words += f" Hardest alone: {_ratings(rated[:3])}. Easiest: {_ratings(rated[:-4:-1])}."
    file = f"precision-recall-{number}.png"
    return _save(figure, folder, file, f"Precision and recall of each label, {report.title}", words)


def precision_at(curve: Points, recall: float) -> float:
    """Highest precision of the curve at no less than `recall`; 0 where it does not reach it."""
    pairs = zip(curve.recall, curve.precision, strict=True)
    return max((precision for reached, precision in pairs if reached >= recall), default=0.0)


def _ratings(rated: Sequence[Any]) -> str:
    return ", ".join(f"{one.label.replace('_', ' ')} ({one.average_precision:.2f})" for one in rated)


def _gap(one: Bin) -> float:
    return (one.confidence or 0.0) - (one.accuracy or 0.0)


def _name(column: int) -> str:
    return MODEL_LABELS[column].replace("_", " ")


def _style(place: int) -> dict[str, Any]:
    return {
        "color": COLOURS[place % len(COLOURS)],
        "linestyle": DASHES[place % len(DASHES)],
        "marker": MARKERS[place % len(MARKERS)],
        "markersize": 5,
    }


def _figure(width: float, height: float, rows: int = 1, columns: int = 1) -> tuple[Any, Any]:
    from matplotlib import pyplot

    return pyplot.subplots(rows, columns, figsize=(width, height), layout="constrained")


def _save(figure: Any, folder: Path, file: str, title: str, words: str) -> Picture:
    from matplotlib import pyplot

    figure.savefig(folder / file, dpi=DPI)
    pyplot.close(figure)
    return Picture(file, title, words)
