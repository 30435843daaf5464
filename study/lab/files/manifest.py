"""Folders sealed by a manifest, so that damage to a file is found and named.

A folder is built under a scratch name, sealed with the size and SHA-256 of each
of its files, and put into its place by one rename. Whoever sees it sees all of it, and
`faults` tells later whether a file has changed, shrunk or gone since.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path

MANIFEST = "manifest.json"


def seal(folder: Path) -> None:
    """Write the manifest of a flat folder and bring everything in it to disk."""
    facts = {path.name: _facts(path) for path in sorted(folder.iterdir())}
    (folder / MANIFEST).write_text(json.dumps(facts, indent=2))
    for path in folder.iterdir():
        _sync(path)
    _sync(folder)


def place(folder: Path, target: Path) -> None:
    """Move a sealed folder to its final place, durably and in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    folder.rename(target)
    _sync(target.parent)
    _sync(target.parent.parent)


def faults(folder: Path) -> list[str]:
    """Say of each file that is not as it was sealed what was expected and found."""
    manifest = folder / MANIFEST
    try:
        sealed = {
            folder / name: {"bytes": facts["bytes"], "sha256": facts["sha256"]}
            for name, facts in json.loads(manifest.read_bytes()).items()
        }
    except FileNotFoundError:
        return [f"{manifest}: expected a list of the folder's checksums, found no file"]
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        return [f"{manifest}: expected a list of the folder's checksums, got {error!r}"]
    found = {path: _facts(path) for path in sealed}
    return [
        f"{path}: expected {_words(sealed[path])}, found {_words(found[path])}"
        for path in sealed
        if sealed[path] != found[path]
    ]


def set_aside(folder: Path) -> Path:
    """Rename a damaged folder, in place of one set aside earlier; return its path."""
    aside = folder.with_name(folder.name + ".damaged")
    if aside.exists():
        shutil.rmtree(aside)
    return folder.rename(aside)


def _facts(path: Path) -> dict | None:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return {"bytes": file.tell(), "sha256": digest}
    except FileNotFoundError:
        return None


def _words(facts: dict | None) -> str:
    if facts is None:
        return "no file"
    return f"{facts['bytes']} bytes with SHA-256 {facts['sha256']}"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
