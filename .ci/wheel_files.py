"""Compare a wheel's files with the repository's: a package that is not listed vanishes from a wheel without a word."""

import subprocess
import sys
import zipfile
from pathlib import PurePosixPath

PACKAGES = ("realtime", "model", "clients")
UNSHIPPED = ("model/EXPERIMENTS.md", "model/README.md")


def main(wheel: str) -> None:
    listed = subprocess.run(["git", "ls-files", *PACKAGES], check=True, capture_output=True, text=True).stdout
    wanted = {f"earmark/{name}" for name in listed.splitlines() if name not in UNSHIPPED}
    names = (PurePosixPath(name) for name in zipfile.ZipFile(wheel).namelist())
    shipped = {str(name) for name in names if name.parts[0] == "earmark"}
    for name in sorted(wanted - shipped):
        sys.stderr.write(f"missing from the wheel: {name}\n")
    for name in sorted(shipped - wanted):
        sys.stderr.write(f"in the wheel but not in the repository: {name}\n")
    if wanted != shipped:
        raise SystemExit(1)


if __name__ == "__main__":
    main(sys.argv[1])
