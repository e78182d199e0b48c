"""What every measurement shares: the machine it ran on, percentiles, a JSON file and a plot."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike

RESULTS = Path(__file__).parent / "results"
PACKAGES = (
    "earmark",
    "torch",
    "numpy",
    "sounddevice",
    "soundfile",
    "soxr",
    "python-osc",
    "python-rtmidi",
    "websockets",
)
PLOT_INCHES = (8.0, 4.5)
PLOT_DPI = 120


def machine() -> dict[str, Any]:
    """What the figures depend on. `load_1min` is what ran beside the measurement (None where the system won't say)."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
        "load_1min": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def summary(values: ArrayLike, digits: int = 3) -> dict[str, float | int]:
    """Count, p50, p95, p99 and maximum, in the unit of `values`; the count alone where there are none."""
    found = np.asarray(values, np.float64).ravel()
    if not found.size:
        return {"count": 0}
    p50, p95, p99 = np.percentile(found, (50, 95, 99))
    figures = {"p50": p50, "p95": p95, "p99": p99, "max": found.max()}
    return {"count": int(found.size), **{name: round(float(figure), digits) for name, figure in figures.items()}}


def publish(name: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """Print `result` with the machine and the date as JSON, and write it to results/NAME.json."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    whole = {"bench": name, "utc": now, "machine": machine(), **result}
    text = json.dumps(whole, indent=2)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    return whole


def plot(name: str, draw: Callable[[Any], None], rows: int = 1) -> Path:
    """A picture in results/NAME.png; `draw` gets matplotlib's axes (an array of them where there are several rows)."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(rows, 1, figsize=(PLOT_INCHES[0], PLOT_INCHES[1] * rows), layout="constrained")
    draw(axes)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.png"
    figure.savefig(path, dpi=PLOT_DPI)
    pyplot.close(figure)
    return path


def survival(axes: Any, series: Mapping[str, ArrayLike], unit: str, limit: float | None = None) -> None:
    """Draw, for each series, the share of values above x: what the worst cases are is read at the right end."""
    for label, values in series.items():
        ordered = np.sort(np.asarray(values, np.float64).ravel())
        if ordered.size:
            axes.plot(ordered, 1.0 - np.arange(ordered.size) / ordered.size, drawstyle="steps-post", label=label)
    if limit is not None:
        axes.axvline(limit, color="black", linestyle="--", label=f"limit {limit:g} {unit}")
    axes.set(xscale="log", yscale="log", xlabel=unit, ylabel="share of values above")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()


def verdict(found: float, limit: float) -> dict[str, float | bool]:
    """A figure beside its limit."""
    return {"found": found, "limit": limit, "kept": found <= limit}


def _cpu_model() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    if sys.platform == "darwin":
        return _output(["sysctl", "-n", "machdep.cpu.brand_string"])
    return platform.processor() or platform.machine()


def _output(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
