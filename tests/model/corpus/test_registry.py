"""Packages fetched by their own clients; archives that are unsound or hostile."""

import io
import os
import tarfile
from pathlib import Path

import pytest

from earmark.model.corpus.registry import Package, fetch, unpack
from earmark.model.errors import EarmarkError, UsageError


def write_tar(path: Path, members: dict[str, bytes], link: str = "") -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        if link:
            info = tarfile.TarInfo("link")
            info.type, info.linkname = tarfile.SYMTYPE, link
            tar.addfile(info)
    return path


def write_deb(path: Path, data: bytes) -> Path:
    def entry(name: str, content: bytes) -> bytes:
        header = f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode()
        return header + content + b"\n" * (len(content) % 2)

    path.write_bytes(b"!<arch>\n" + entry("debian-binary", b"2.0\n") + entry("data.tar.gz", data))
    return path


def write_client(folder: Path, name: str, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program called `name` that stands where the client is looked for."""
    client = folder / name
    client.write_text(f"#!/bin/sh\n{script}\n")
    client.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_debian_and_npm_archives_are_unpacked(tmp_path: Path) -> None:
    tar = write_tar(tmp_path / "a.tgz", {"usr/share/x.txt": b"hello"}, link="/etc/passwd")
    unpack(tar, tmp_path / "npm")
    unpack(write_deb(tmp_path / "a.deb", tar.read_bytes()), tmp_path / "deb")
    for folder in ("npm", "deb"):
        assert (tmp_path / folder / "usr/share/x.txt").read_bytes() == b"hello"
        assert not (tmp_path / folder / "link").is_symlink()


@pytest.mark.parametrize("name", ["../outside.txt", "a/../../outside.txt"])
def test_paths_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    tar = write_tar(tmp_path / "bad.tgz", {name: b"x"})
    with pytest.raises(EarmarkError, match=r"bad\.tgz is no sound archive"):
        unpack(tar, tmp_path / "in")
    assert not (tmp_path / "outside.txt").exists()


@pytest.mark.parametrize("name", ["x.deb", "x.tgz"])
def test_what_is_no_archive_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"hello")
    with pytest.raises(EarmarkError, match="is no sound archive"):
        unpack(tmp_path / name, tmp_path / "in")


def test_a_package_is_fetched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tar = write_tar(tmp_path / "made.tgz", {"package/x.txt": b"hello"})
    write_client(tmp_path, "npm", f"cp {tar} fetched.tgz; echo run >> {tmp_path}/runs", monkeypatch)
    for _ in range(2):
        home = fetch(Package("@some/package", "npm", "1.0"), tmp_path / "packages")
    assert (home / "package/x.txt").read_bytes() == b"hello"
    assert (tmp_path / "runs").read_text() == "run\n"
    assert [path.name for path in (tmp_path / "packages").iterdir()] == ["@some_package"]


def test_a_package_that_is_not_there_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_client(tmp_path, "apt-get", "echo 'E: Unable to locate package nosuch' >&2; exit 100", monkeypatch)
    with pytest.raises(EarmarkError) as failed:
        fetch(Package("nosuch"), tmp_path / "packages")
    assert str(failed.value) == (
        "apt-get cannot fetch nosuch (E: Unable to locate package nosuch); run apt-get update and try again "
        "or leave it out: see --only"
    )
    assert list((tmp_path / "packages").iterdir()) == []


def test_a_client_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="npm is not installed; install it or leave it out"):
        fetch(Package("x", "npm"), tmp_path / "packages")
