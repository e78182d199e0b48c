"""The model card's table of sources, made from the manifests that the model learned from."""

from pathlib import Path

from .corpus.manifest import is_non_commercial, read_manifest

HEADER = ("Source", "Licence", "Clips", "Minutes", "NC", "Labels")


def sources_table(folders: list[Path]) -> str:
    """A Markdown table with one row for every source and licence in the folders' manifests."""
    rows: dict[tuple[str, str], list[dict[str, str]]] = {}
    for folder in folders:
        for row in read_manifest(folder):
            rows.setdefault((row["source"], row["licence"]), []).append(row)
    lines = [HEADER, ("---", "---", "---:", "---:", "---", "---")]
    for (source, licence), clips in sorted(rows.items()):
        minutes = sum(float(clip["dur_s"]) for clip in clips) / 60
        labels = ", ".join(sorted({clip["label"] for clip in clips}))
        mark = "NC" if is_non_commercial(licence) else ""
        lines.append((source, licence, str(len(clips)), f"{minutes:.1f}", mark, labels))
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"
