"""Draws docs/demo.svg, the README's picture: the terminal in the middle of `earmark demo`.

    .venv/bin/python docs/picture.py

It runs the demo's sound through a session as fast as it can, so the names and numbers are what the model really says.
"""

import json
import os
from importlib import resources
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from earmark.model.tagger import Tagger
from earmark.realtime.board import Board
from earmark.realtime.config import build
from earmark.realtime.identity import new_identity
from earmark.realtime.printer import Printer
from earmark.realtime.session import Session
from earmark.realtime.sources.file import FileSource
from earmark.realtime.table import live_table

PICTURE: Final = Path(__file__).parent / "demo.svg"
UNTIL_S: Final = 18.5  # six inputs are named, one has ended, the next has not begun
BLOCK_S: Final = 0.25
LINES: Final = 14
WIDTH: Final = 96
TITLE: Final = "earmark demo"

BLACK, WHITE = (18, 20, 24), (236, 238, 241)
RED, GREEN, YELLOW, BLUE = (255, 130, 120), (120, 214, 140), (245, 210, 110), (130, 180, 255)
MAGENTA, CYAN = (225, 160, 255), (120, 220, 225)
COLOURS: Final = [BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE]
THEME: Final = TerminalTheme(BLACK, WHITE, COLOURS, COLOURS)
"""Every colour has a contrast of more than 7 to 1 on the background."""

FORMAT: Final = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img" xml:space="preserve">
<title>The terminal in the middle of the demo</title>
<style>
.{unique_id}-matrix {{ font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: {char_height}px;
  white-space: pre; }}
.{unique_id}-title {{ font-family: "DejaVu Sans", Helvetica, Arial, sans-serif; font-size: 18px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""Without a font from the network: GitHub shows no such fonts, and nothing of ours fetches anything."""


def main() -> None:
    """Write the picture."""
    lines, board, levels = _listen()
    with open(os.devnull, "w") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True, color_system="truecolor")
        console.print("[bold]$ earmark demo[/bold]\n", highlight=False)
        for line in lines[-LINES:]:
            console.print(line, highlight=False, markup=False)
        console.print()
        console.print(live_table(board.snapshot(), levels))
    svg = console.export_svg(title=TITLE, theme=THEME, code_format=FORMAT, unique_id="earmark")
    PICTURE.write_text(svg, encoding="utf-8")


def _listen() -> tuple[list[str], Board, dict[str, list[float]]]:
    """The lines of the events up to UNTIL_S, and the board and levels of that moment."""
    folder = resources.files("earmark.realtime.demo")
    truth: dict[str, Any] = json.loads(folder.joinpath("truth.json").read_text(encoding="utf-8"))
    names = [{"channel": n, "name": name} for n, name in enumerate(truth["names"], 1)]
    config = build({"inputs": names}, "the demo")
    with resources.as_file(folder.joinpath("session.ogg")) as path:
        source = FileSource(path)
        tagger = Tagger(None, "cpu")
        identity = new_identity(source.channel_names, source.rate, config.inputs, 0)
        session = Session(identity, tagger, config, lambda: 0)
        board = Board(identity.names, identity.rate)
        printer = Printer()
        frames = 0
        for block in source.blocks(round(BLOCK_S * source.rate)):
            frames += block.shape[1]
            events = session.push(block)
            printer.put(events)
            for event in events:
                board.apply(event)
            if frames >= UNTIL_S * source.rate:
                break
    return printer.take(), board, session.levels()


if __name__ == "__main__":
    main()
