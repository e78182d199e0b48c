"""Pictures of names in takes, each with words that say what it shows.

Lines differ in dash and marker, bars in hatching: colour alone says nothing.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from event_findings import Findings, Result
from event_variants import IN_BLEED, shipped_value
from takes_layout import Half

from earmark.model.judging.plots import COLOURS, DASHES, DPI, FONT, MARKERS, Picture

HATCHES: Final = ("", "//", "..", "xx")
BARS: Final = ("right", "wrong", "sibling", "stray")
LINES: Final = {"right": "right", "wrong": "wrong", "names_per_min": "names a minute"}
HALVES: Final[Mapping[Half, str]] = {"A": "half A (fitted on)", "B": "half B (told on)"}
DELAYING: Final = ("smoothing.best_on", "smoothing.sure", "smoothing.faint_lead")
"""Settings that trade how soon a name comes against how often it is false."""


def draw(findings: Findings, folder: Path) -> list[Picture]:
    """Write all pictures to `folder`: the parts, the bleeds, false names against delay, then a sweep each."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    with pyplot.rc_context(FONT):
        pictures = [_parts(findings.usual, folder), _bleeds(findings, folder)]
        if findings.sweeps:
            pictures.append(_delay(findings, folder))
        pictures += [_sweep(setting, results, folder) for setting, results in findings.sweeps.items()]
    return pictures


def _parts(results: Sequence[Result], folder: Path) -> Picture:
    found = [result.figures() for result in results]
    figure, axes = _figure(9, 1.5 + 0.7 * len(results), 2)
    for bar, name in enumerate(BARS):
        panel, places = axes[min(bar, 1)], [place + 0.25 * (bar - 2) for place in range(len(results))]
        values = [one[name] or 0.0 for one in found]
        style = {"color": "white", "edgecolor": COLOURS[bar], "hatch": HATCHES[bar]}
        panel.barh(places if bar else range(len(results)), values, 0.6 if bar == 0 else 0.25, label=name, **style)
        panel.legend(loc="lower right")
    axes[0].set_yticks(range(len(results)), [result.variant.name for result in results])
    axes[1].set_yticks(range(len(results)), [""] * len(results))
    axes[0].set(xlabel="share of seconds named right")
    axes[1].set(xlabel="seconds of such names a second")
    for panel in axes:
        panel.invert_yaxis()
    told = "; ".join(
        f"{result.variant.name}: right {one['right'] or 0:.3f}, wrong {one['wrong'] or 0:.3f}, "
        f"sibling {one['sibling'] or 0:.3f}, stray {one['stray'] or 0:.3f}"
        for result, one in zip(results, found, strict=True)
    )
    return _save(figure, folder, "parts.png", "Each part switched off in turn", f"{told}.")


def _bleeds(findings: Findings, folder: Path) -> Picture:
    figure, axes = _figure(9, 5)
    titles = [bleed.title for bleed in findings.variants]
    words: list[str] = []
    for place, result in enumerate(findings.usual):
        if result.variant.name not in IN_BLEED:
            continue
        found = [results[place].figures() for results in findings.variants.values()]
        sums = [(one["wrong"] or 0.0) + (one["stray"] or 0.0) for one in found]
        axes.plot(titles, sums, label=result.variant.name, **_style(len(words)))
        words.append(f"{result.variant.name}: {', '.join(f'{value:.3f}' for value in sums)}")
    axes.set(ylabel="wrong and stray seconds a second", xlabel="level of the others in each input", ylim=(0, None))
    axes.legend(loc="upper left", fontsize=9)
    told = f"Wrong and stray names at {', '.join(titles)}: {'; '.join(words)}."
    return _save(figure, folder, "bleed.png", "As inputs bleed more", told)


def _delay(findings: Findings, folder: Path) -> Picture:
    figure, axes = _figure(8, 5)
    words: list[str] = []
    for place, setting in enumerate(name for name in DELAYING if name in findings.sweeps):
        found = [(value, result.figures()) for value, result in findings.sweeps[setting]]
        points = [(value, one["late_s"] or 0.0, one["false_per_hour"] or 0.0) for value, one in found]
        axes.plot([late for _, late, _ in points], [false for *_, false in points], label=setting, **_style(place))
        each = (f"{value:g} gives {late:.2f} s and {false:.0f}" for value, late, false in points)
        words.append(f"{setting} {', '.join(each)}")
    shipped = findings.usual[0].figures()
    chosen = {"marker": "*", "color": "black", "markersize": 16, "linestyle": ""}
    axes.plot([shipped["late_s"] or 0.0], [shipped["false_per_hour"] or 0.0], label="chosen", **chosen)
    axes.set(xlabel="median delay of a first right name (s)", ylabel="false names an hour in quiet", ylim=(0, None))
    axes.legend()
    told = f"Delay, and false names an hour: {'; '.join(words)}."
    return _save(figure, folder, "delay.png", "False names against delay", told)


def _sweep(setting: str, results: Sequence[tuple[float, Result]], folder: Path) -> Picture:
    figure, axes = _figure(12, 3.6, len(LINES))
    chosen = shipped_value(setting)
    values, words = [value for value, _ in results], [f"{setting} is {chosen:g}."]
    for panel, (name, title) in zip(axes, LINES.items(), strict=True):
        for place, (half, told) in enumerate(HALVES.items()):
            curve = [result.figures(half)[name] for _, result in results]
            panel.plot(values, curve, label=told, **_style(place))
            each = ", ".join(
                f"{one:.3f} at {value:g}" for value, one in zip(values, curve, strict=True) if one is not None
            )
            words.append(f"{title}, half {half}: {each}.")
        panel.axvline(chosen, color="black", linewidth=1, linestyle=":")
        panel.set(xlabel=setting.partition(".")[2], title=title)
    axes[0].legend(fontsize=9)
    return _save(figure, folder, f"{setting.partition('.')[2]}.png", setting, " ".join(words))


def _style(place: int) -> dict[str, Any]:
    return {
        "color": COLOURS[place % len(COLOURS)],
        "linestyle": DASHES[place % len(DASHES)],
        "marker": MARKERS[place % len(MARKERS)],
        "markersize": 5,
    }


def _figure(width: float, height: float, columns: int = 1) -> tuple[Any, Any]:
    from matplotlib import pyplot

    return pyplot.subplots(1, columns, figsize=(width, height), layout="constrained")


def _save(figure: Any, folder: Path, file: str, title: str, words: str) -> Picture:
    from matplotlib import pyplot

    figure.savefig(folder / file, dpi=DPI)
    pyplot.close(figure)
    return Picture(file, title, words)
