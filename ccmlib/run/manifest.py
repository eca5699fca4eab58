"""The manifest of a report: what went in, what came out, made with what; its zip; and their verification.

Hashes, versions and parameters only: no times and no places on a machine, so that two makers of the same report hold
the same manifest, and the same zip.
"""

from __future__ import annotations

import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ccmlib.base import files, project
from ccmlib.run import fresh, hashing
from ccmlib.run.usage import NotThere

NAME = "manifest.json"
SCHEMA = 3
DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest day a zip can hold: the report's own dates are in its pages."""


def make(stage: Path, made_of: Mapping[str, Any]) -> None:
    """Write the manifest of a staged report, which has all its other files, and pack the report with it.

    Parameters
    ----------
    stage : Path
        The report's folder.
    made_of : mapping
        All but the outputs; two reports with the same have the same outputs. Its ``schema``, ``parameters``,
        ``versions``, ``inputs`` (hashes by name), those ``shared`` by all notebooks, the names of all ``sections``,
        made or not, the name of the ``archive``, and for each of the ``notebooks`` that were made the keys of its
        ``outcome`` and ``page``, the ``digest`` of what it wrote, and its own ``inputs``, other notebooks among them.
    """
    outputs = outputs_of(stage, made_of["archive"])
    files.write_whole(stage / NAME, hashing.as_json({**made_of, "outputs": outputs}))
    bundle(stage, made_of["archive"])


def bundle(stage: Path, packed: str) -> None:
    """Pack a report's files: the same bytes for the same report."""
    names = [name for name in hashing.files_in(stage) if name != packed]
    with zipfile.ZipFile(stage / packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in names:
            info = zipfile.ZipInfo(f"{Path(packed).stem}/{name}", DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16  # the same rights whatever the umask of the machine
            info.create_system = 3
            archive.writestr(info, (stage / name).read_bytes())


def listed(folder: Path) -> list[str]:
    """List the files that the manifest of a report says are the report's."""
    manifest = hashing.read_json(folder / NAME) or {}
    return [*manifest.get("outputs", ()), *filter(None, (manifest.get("archive"), NAME))] if manifest else []


def is_whole(folder: Path, made_of: Mapping[str, Any]) -> bool:
    """Tell whether a report is there, made of just this, and unchanged."""
    manifest = hashing.read_json(folder / NAME) or {}
    return {**manifest, "outputs": None} == {**made_of, "outputs": None} and not verify(folder)


def verify(folder: Path, path_of: Callable[[str], Path] | None = None) -> list[str]:
    """Compare a report with its manifest, and its inputs too where `path_of` finds them; say what differs."""
    manifest = hashing.read_json(folder / NAME)
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        return [f"{NAME}: missing, or not a manifest of this edition: make the report again"]
    links = [path for path in (folder, *sorted(folder.rglob("*"))) if path.is_symlink()]
    if links:
        return [f"{path.relative_to(folder.parent)}: a symbolic link, which may show anything" for path in links]
    found = outputs_of(folder, manifest["archive"])
    differs = compare(manifest["outputs"], {name: found[name] for name in found if name in manifest["outputs"]})
    packed = {**manifest["outputs"], NAME: hashing.of_file(folder / NAME)}
    differs += differing_archive(folder / manifest["archive"], packed)
    if path_of is not None:
        there = {name: path_of(name) for name in manifest["inputs"] if path_of(name).is_file()}
        differs += compare(manifest["inputs"], {name: hashing.of_file(path) for name, path in there.items()})
    return differs + stale_or_absent(manifest)


def stale_or_absent(manifest: Mapping[str, Any]) -> list[str]:
    """Name the sections that were made of other inputs than the rest of the report, or not at all."""
    said, made = [], manifest["notebooks"]
    now = {**manifest["inputs"], **manifest["shared"], **{name: one["digest"] for name, one in made.items()}}
    for name in manifest["sections"]:
        if name not in made:
            said.append(f"{name}: absent, not made yet")
        elif changed := sorted(each for each, digest in made[name]["inputs"].items() if now.get(each) != digest):
            said.append(f"{name}: stale, made before a change of {', '.join(changed)}")
    return said


def outputs_of(folder: Path, packed: str) -> dict[str, str]:
    """Hash the files of a report, without the manifest and the zip, which hold those hashes themselves."""
    return hashing.of_folder(folder, lambda name: name not in (NAME, packed))


def differing_archive(path: Path, outputs: Mapping[str, str]) -> list[str]:
    """Say how what the zip holds differs from the report; its own hash cannot stand in the manifest that it holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = {name.partition("/")[2]: hashing.of_bytes(archive.read(name)) for name in archive.namelist()}
    except FileNotFoundError:
        return [f"{path.name}: missing"]
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return [f"{path.name}: damaged"]
    return [f"{path.name}: {line}" for line in compare(outputs, found)]


def compare(expected: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """Say how hashes by name differ, a line each."""
    differs = []
    for name in sorted({*expected, *found}):
        if name not in found:
            differs.append(f"{name}: missing")
        elif name not in expected:
            differs.append(f"{name}: not of this report")
        elif expected[name] != found[name]:
            differs.append(f"{name}: changed (sha256 {found[name][:16]}…, manifest {expected[name][:16]}…)")
    return differs


def main(folder: Path) -> int:
    """Verify a report; print what differs, what it holds besides, and the manifest's own hash. 0 if nothing differs."""
    folder = Path(folder)
    if not folder.is_dir():
        raise NotThere(f"{project.shown(folder)} was never made: make it first")
    ours = folder.resolve().is_relative_to(project.ROOT)
    differs = verify(folder, fresh.input_path if ours else None)
    for line in differs:
        print(line, file=sys.stderr)
    report = set(listed(folder))
    if not report:
        return 1
    for name in sorted(set(hashing.files_in(folder)) - report):
        print(f"{name}: not made by this report")
    if not differs:
        print(f"{folder.name}: {len(report)} files{' and its inputs' if ours else ''} are as the manifest says")
    print(f"sha256 of {NAME}: {hashing.of_file(folder / NAME)}")
    return 1 if differs else 0
