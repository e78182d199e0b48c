"""Fetches packages from public registries with their ordinary clients and unpacks them; what is there stays.

Debian's packages by `apt-get download`, npm's by `npm pack`. Nothing of a package is run. Archives are taken apart
file by file: links and devices are left out, and a path that would leave the folder stops the whole package.
"""

import io
import logging
import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from ..errors import EarmarkError, UsageError

log = logging.getLogger(__name__)

Client = Literal["apt-get", "npm"]

TIMEOUT_S = 1_800
WAY_OUT = "or leave it out: see --only"


@dataclass(frozen=True)
class Package:
    """A package of a registry; `version` pins it where the registry keeps old ones."""

    name: str
    client: Client = "apt-get"
    version: str = ""


def fetch(package: Package, folder: Path) -> Path:
    """The folder with the package's files below `folder`, fetched and unpacked unless it is there.

    Raises UsageError where the client is not installed, EarmarkError where the package cannot be had or is not sound.
    """
    home = folder / package.name.replace("/", "_")
    if home.exists():
        return home
    if shutil.which(package.client) is None:
        raise UsageError(f"{package.name}: {package.client} is not installed; install it {WAY_OUT}")
    folder.mkdir(parents=True, exist_ok=True)
    log.info("fetching %s with %s", package.name, package.client)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".part-") as scratch:
        archive = _download(package, Path(scratch))
        unpacked = Path(scratch) / "unpacked"
        unpack(archive, unpacked)
        unpacked.replace(home)
    return home


def _download(package: Package, scratch: Path) -> Path:
    pinned = {"apt-get": f"{package.name}={package.version}", "npm": f"{package.name}@{package.version}"}
    wanted = pinned[package.client] if package.version else package.name
    command = {"apt-get": ["apt-get", "download", wanted], "npm": ["npm", "pack", "--ignore-scripts", wanted]}
    # A client must neither wait for an answer nor read settings of a project around the corpus.
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "npm_config_yes": "true"}
    try:
        subprocess.run(
            command[package.client],
            cwd=scratch,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT_S,
        )
    except subprocess.CalledProcessError as failed:
        update = "run apt-get update and try again " if package.client == "apt-get" else "check the network "
        said = _reason(failed.stderr)
        raise EarmarkError(f"{package.client} cannot fetch {package.name} ({said}); {update}{WAY_OUT}") from failed
    except subprocess.TimeoutExpired as slow:
        raise EarmarkError(f"{package.client} took too long over {package.name}; try again {WAY_OUT}") from slow
    archives = [path for path in scratch.iterdir() if path.suffix in (".deb", ".tgz")]
    if len(archives) != 1:
        raise EarmarkError(f"{package.client} brought no archive for {package.name}; try again {WAY_OUT}")
    return archives[0]


def _reason(said: str) -> str:
    """The line of a client's complaint that says most."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith("E:") or "404" in line]
    return (telling or lines or ["no reason given"])[-1]


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a `.deb`, `.tgz` or other tar archive into `folder`, regular files only.

    Raises EarmarkError where the archive is broken or has a path that leads out of `folder`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if archive.suffix == ".deb":
            with archive.open("rb") as file:
                _unpack_tar(_debian_data(file), folder)
        else:
            with archive.open("rb") as file:
                _unpack_tar(file, folder)
    except (tarfile.TarError, ValueError, EOFError, OSError) as broken:
        raise EarmarkError(f"{archive.name} is no sound archive: {broken}; nothing of it was kept") from broken


def _unpack_tar(file: IO[bytes], folder: Path) -> None:
    with tarfile.open(fileobj=file) as tar:
        for member in tar:
            if member.isfile() or member.isdir():
                # The filter refuses what would land outside, and drops owners and special permissions.
                tar.extract(member, folder, filter="data")


def _debian_data(file: IO[bytes]) -> IO[bytes]:
    """The `data.tar.*` inside a Debian package, which is an `ar` archive (deb(5))."""
    if file.read(8) != b"!<arch>\n":
        raise ValueError("no Debian package")
    while len(header := file.read(60)) == 60:
        size = int(header[48:58])
        if header.startswith(b"data.tar"):
            if header.startswith(b"data.tar.zst"):
                raise ValueError("packed with zstd, which is not read here")
            return io.BytesIO(file.read(size))
        file.seek(size + size % 2, os.SEEK_CUR)
    raise ValueError("a Debian package without data")
