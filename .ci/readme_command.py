"""Print the command that the README gives for `demo` or `tests` on Linux and macOS, so that CI runs what users copy."""

import re
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def command(name: str) -> str:
    """The one line of the code block that follows `<!-- command: NAME -->`."""
    found = re.search(rf"<!-- command: {name} -->\s*```sh\n(.+)\n```", README.read_text(encoding="utf-8"))
    if found is None:
        raise SystemExit(f"README.md has no command '{name}'")
    return found[1]


if __name__ == "__main__":
    sys.stdout.write(command(sys.argv[1]) + "\n")
