"""A report appears whole or not at all, with a manifest: what went in, what came out, made with what; and its zip.

It is made in a folder beside its place, then the two change places. The manifest has hashes, versions and parameters
only: no times and no places on a machine, so that two makers of the same report hold the same manifest, and the same zip.
"""

import contextlib
import ctypes
import os
import shutil
import socket
import sys
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from ccmlib.base import files, project
from ccmlib.run import hashing, store
from ccmlib.run.usage import NotThere

NAME = "manifest.json"
SCHEMA = 3
_NEW, _OLD = ".new-", ".old-"
#: A shorter name could stand in a page by chance.
SURE_LENGTH = 8


@contextlib.contextmanager
def only_run(target: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a report's place for this run; another run for the same place says so and waits."""
    with files.locked(target.parent / f".{target.name}.lock", waiting):
        recover(target)
        yield


def recover(target: Path) -> None:
    """Put right what a killed run left behind; called with the place held."""
    old = sorted(target.parent.glob(f".{target.name}{_OLD}*"))
    if old and not target.exists():
        os.rename(old.pop(), target)  # killed between the two renames: the earlier report goes back
    for left in (*old, *target.parent.glob(f".{target.name}{_NEW}*")):
        shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def staging(target: Path) -> Iterator[Path]:
    """Give an empty folder beside the report's place; it is removed at the end, whatever is in it then."""
    stage = target.parent / f".{target.name}{_NEW}{os.getpid()}"
    stage.mkdir(parents=True)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def swap_in(stage: Path, target: Path, listed: Collection[str]) -> None:
    """Publish a staged report in place of the earlier one, of which `listed` are the files that it may remove.

    What the earlier report did not make, such as an analyst's notes, is taken over unless the new one has the name.
    """
    for path in _files(stage):  # on the disk, so that a machine that stops after the exchange has them whole
        with path.open("rb+") as opened:
            os.fsync(opened.fileno())
    for path in _files(target):
        kept = stage / path.relative_to(target)
        if path.relative_to(target).as_posix() not in listed and not os.path.lexists(kept):
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, kept, follow_symlinks=False)
    if not target.exists():
        os.rename(stage, target)
    elif not exchange(stage, target):
        old = target.parent / f".{target.name}{_OLD}{os.getpid()}"
        os.rename(target, old)
        os.rename(stage, target)
        shutil.rmtree(old, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step where the system can, so that at no moment either place is empty."""
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    at_cwd, rename_exchange = -100, 2
    return renameat2 is not None and renameat2(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), rename_exchange) == 0


def _files(folder: Path) -> Iterator[Path]:
    return (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)


def refuse_places(stage: Path, places: Iterable[Path]) -> None:
    """Stop if a staged file names one of these folders, or this machine; what it says is its maker's to look up."""
    needles = [f"{place}/" for place in places if place != Path("/")]
    names = [name for name in (*map(str, places), socket.gethostname()) if name != "localhost"]
    needles += [name for name in names if len(name) >= SURE_LENGTH]
    contents = ((path, path.read_bytes()) for path in _files(stage))
    found = [path.relative_to(stage).as_posix() for path, content in contents if any(n.encode() in content for n in needles)]
    if found:
        raise OSError(None, f"this machine or a folder of it is named in {', '.join(sorted(found))}")


def make(stage: Path, made_of: dict) -> None:
    """Write the manifest of a staged report, which has all its other files, and pack the report with it.

    Two reports with the same `made_of` have the same outputs. It holds the ``schema``, ``parameters``, ``versions``,
    ``inputs`` (hashes by name), those ``shared`` by all notebooks, the names of all ``sections``, made or not, the name of
    the ``archive``, and for each of the ``notebooks`` that were made the keys of its ``outcome`` and ``page``, the
    ``digest`` of what it wrote, and its own ``inputs``, other notebooks among them.
    """
    outputs = outputs_of(stage, made_of["archive"])
    files.write_whole(stage / NAME, hashing.as_json({**made_of, "outputs": outputs}))
    top = Path(made_of["archive"]).stem
    held = {f"{top}/{name}": (stage / name).read_bytes() for name in sorted([*outputs, NAME])}
    files.write_whole(stage / made_of["archive"], files.packed(held))


def listed(folder: Path) -> list[str]:
    """List the files that the manifest of a report says are the report's."""
    manifest = hashing.read_json(folder / NAME) or {}
    return [*manifest.get("outputs", ()), *filter(None, (manifest.get("archive"), NAME))] if manifest else []


def is_whole(folder: Path, made_of: dict) -> bool:
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


def stale_or_absent(manifest: dict) -> list[str]:
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
        was, now = expected.get(name, ""), found.get(name, "")
        if was != now:
            changed = f"changed (sha256 {now[:16]}…, manifest {was[:16]}…)" if was else "not of this report"
            differs.append(f"{name}: {changed if now else 'missing'}")
    return differs


def main(folder: Path) -> int:
    """Verify a report; print what differs, what it holds besides, and the manifest's own hash. 0 if nothing differs."""
    if not folder.is_dir():
        raise NotThere(f"{project.shown(folder)} was never made: make it first")
    ours = folder.resolve().is_relative_to(project.ROOT)
    differs = verify(folder, store.input_path if ours else None)
    for line in differs:
        print(line, file=sys.stderr)
    if not (report := set(listed(folder))):
        return 1
    for name in sorted(set(hashing.files_in(folder)) - report):
        print(f"{name}: not made by this report")
    if not differs:
        print(f"{folder.name}: {len(report)} files{' and its inputs' if ours else ''} are as the manifest says")
    print(f"sha256 of {NAME}: {hashing.of_file(folder / NAME)}")
    return 1 if differs else 0
