"""Print a command as the README gives it, so that CI runs what users copy.

The names are demo and tests, for Linux and macOS, and demo-windows and tests-windows.
"""

import re
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def command(name: str) -> str:
    """The one line of the code block that follows `<!-- command: NAME -->`."""
    found = re.search(rf"<!-- command: {name} -->\s*```(?:sh|bat)\n(.+)\n```", README.read_text(encoding="utf-8"))
    if found is None:
        raise SystemExit(f"README.md has no command '{name}'")
    return found[1]


if __name__ == "__main__":
    sys.stdout.write(command(sys.argv[1]) + "\n")
