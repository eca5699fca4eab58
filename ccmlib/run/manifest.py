"""The manifest of a report: what went in, what came out, made with what; and its verification.

Hashes, versions and parameters only: no times and no places on a machine, so that two makers of the same report hold
the same manifest.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ccmlib.run import archive, hashing

NAME = "manifest.json"
SCHEMA = 1


def describe(
    inputs: Mapping[str, str], parameters: Mapping[str, Any], notebooks: Mapping[str, Any], archived_as: str = ""
) -> dict[str, Any]:
    """Say what a report is made of.

    Parameters
    ----------
    inputs : mapping
        Hash of each input by path relative to the project.
    parameters : mapping
        Of the report.
    notebooks : mapping
        Keys of what each notebook gave, by name.
    archived_as : str
        Name of the zip, without its ending, that holds all the other files and the manifest; blank for none.

    Returns
    -------
    dict
        The manifest without the outputs: two reports with the same have the same outputs.
    """
    return {
        "schema": SCHEMA,
        "parameters": dict(parameters),
        "versions": hashing.installed_versions(),
        "inputs": dict(inputs),
        "notebooks": dict(notebooks),
        "archive": f"{archived_as}.zip" if archived_as else "",
    }


def make(stage: Path, made_of: Mapping[str, Any]) -> dict[str, Any]:
    """Write the manifest of a staged report, and pack the report with it.

    Parameters
    ----------
    stage : Path
        Folder with all other files of the report.
    made_of : mapping
        From :func:`describe`.

    Returns
    -------
    dict
        The manifest.
    """
    manifest = {**made_of, "outputs": outputs_of(stage, made_of["archive"])}
    hashing.write_json(stage / NAME, manifest)
    if manifest["archive"]:
        archive.bundle(stage, Path(manifest["archive"]).stem)
    return manifest


def is_whole(folder: Path, made_of: Mapping[str, Any]) -> bool:
    """Tell whether a report is there, made of just this, and unchanged.

    Parameters
    ----------
    folder : Path
        Of the report.
    made_of : mapping
        From :func:`describe`.

    Returns
    -------
    bool
        True if making it again would give the same.
    """
    manifest = hashing.read_json(folder / NAME) or {}
    return {**manifest, "outputs": None} == {**made_of, "outputs": None} and not verify(folder)


def verify(folder: Path, base: Callable[[str], Path] | None = None) -> list[str]:
    """Recompute the hashes of a report and compare them with its manifest.

    Parameters
    ----------
    folder : Path
        Of the report.
    base : callable, optional
        Gives the folder that an input's name is relative to, to compare the inputs too.

    Returns
    -------
    list of str
        What differs, a line each; empty when all is as the manifest says.
    """
    manifest = hashing.read_json(folder / NAME)
    if not isinstance(manifest, dict) or "outputs" not in manifest:
        return [f"{NAME}: missing, or not a manifest"]
    packed = manifest.get("archive", "")
    differs = compare(manifest["outputs"], outputs_of(folder, packed), "not made by this report")
    if packed:
        differs += differing_archive(folder / packed, {**manifest["outputs"], NAME: hashing.of_file(folder / NAME)})
    if base is not None:
        inputs = {
            name: hashing.of_file(base(name) / name) for name in manifest["inputs"] if (base(name) / name).is_file()
        }
        differs += compare(manifest["inputs"], inputs, "")
    return differs


def outputs_of(folder: Path, packed: str) -> dict[str, str]:
    """Hash the files of a report, without the manifest and the zip, which hold those hashes themselves."""
    return {name: value for name, value in hashing.of_folder(folder).items() if name not in (NAME, packed)}


def differing_archive(path: Path, outputs: Mapping[str, str]) -> list[str]:
    """Say how what the zip holds differs from the report; its own hash cannot stand in the manifest that it holds.

    Parameters
    ----------
    path : Path
        Of the zip.
    outputs : mapping
        Hash of each file that belongs in it.

    Returns
    -------
    list of str
        A line for each difference.
    """
    try:
        found = archive.hashes(path)
    except FileNotFoundError:
        return [f"{path.name}: missing"]
    except archive.DAMAGED:
        return [f"{path.name}: damaged"]
    return [f"{path.name}: {line}" for line in compare(outputs, found, "not of this report")]


def compare(expected: Mapping[str, str], found: Mapping[str, str], extra: str) -> list[str]:
    """Say how hashes differ.

    Parameters
    ----------
    expected, found : mapping
        Hash by name.
    extra : str
        What to say of a name that is only found.

    Returns
    -------
    list of str
        A line for each difference.
    """
    differs = []
    for name in sorted({*expected, *found}):
        if name not in found:
            differs.append(f"{name}: missing")
        elif name not in expected:
            differs.append(f"{name}: {extra}")
        elif expected[name] != found[name]:
            differs.append(f"{name}: changed (sha256 {found[name][:16]}…, manifest {expected[name][:16]}…)")
    return differs


def main(folder: Path) -> int:
    """Verify a report and print what differs.

    Parameters
    ----------
    folder : Path
        Of the report.

    Returns
    -------
    int
        0 when nothing differs, 1 otherwise.
    """
    from ccmlib.base import project
    from ccmlib.run.fresh import base_of

    folder = Path(folder)
    ours = folder.resolve().is_relative_to(project.ROOT)
    differs = verify(folder, base_of if ours else None)
    for line in differs:
        print(line, file=sys.stderr)
    if not differs:
        count = len(hashing.read_json(folder / NAME)["outputs"])
        inputs = " and its inputs" if ours else ""
        print(f"{folder.name}: {count} files{inputs} are as the manifest says")
    return 1 if differs else 0
