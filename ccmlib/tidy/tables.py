"""The tidy tables: built from the raw exports, written as one whole, loaded by name.

Either all tables are written or none, also when the process is killed: a new set is staged, moved beside the old one
in one step, and then taken over file by file; a reader looks at the set that is being taken over first.
"""

import contextlib
import filecmp
import hashlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ccmlib.base import fields, files, project
from ccmlib.base.outgoing import no_formula
from ccmlib.tidy import describe

PACKAGE_FILE = "datapackage.json"
#: A complete new set of tables that is being taken over.
NEXT = ".next"
LOCK = ".lock"


def write(frames: dict[str, pd.DataFrame], processed: Path | str = project.PROCESSED) -> list[Path]:
    """Write the tidy tables as Parquet and CSV, with ``datapackage.json``: all of them, or none.

    The same tables give the same bytes. A file that would not change is left alone; the others are named.

    Raises
    ------
    OSError
        The folder cannot be written, or the disk is full; the earlier tables are still whole.
    """
    processed = Path(processed)
    processed.mkdir(parents=True, exist_ok=True)
    waiting = "another run is writing the tidy tables: waiting for it"
    with files.locked(processed / LOCK, lambda: print(waiting, file=sys.stderr)):
        _take_over(processed)
        for left_over in processed.glob(".stage-*"):  # of a run that was killed
            shutil.rmtree(left_over, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=".stage-", dir=processed) as stage:
            _write_set(frames, Path(stage))
            same, differing, new = filecmp.cmpfiles(stage, processed, os.listdir(stage), shallow=False)
            for name in same:
                os.unlink(os.path.join(stage, name))
            os.rename(stage, processed / NEXT)
        _take_over(processed)
    return [processed / name for name in sorted(differing + new)]


def _write_set(frames: dict[str, pd.DataFrame], stage: Path) -> None:
    written = {}
    for name in fields.tables():
        frame = frames[name]
        days = {one.name: pa.date32() for one in fields.tables()[name].fields if one.type == "date"}
        schema = pa.schema([pa.field(column.name, days.get(column.name, column.type))
                            for column in pa.Schema.from_pandas(frame, preserve_index=False)])
        frame.to_parquet(stage / f"{name}.parquet", index=False, schema=schema)
        content = _as_csv(name, frame).encode()
        (stage / f"{name}.csv").write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        written[name] = {"path": f"{name}.csv", "parquet": f"{name}.parquet", "bytes": len(content), "hash": f"sha256:{digest}"}
    package = json.dumps(describe.datapackage(written, frames["sources"]), ensure_ascii=False, indent=1)
    (stage / PACKAGE_FILE).write_text(package + "\n", encoding="utf-8")
    for path in stage.iterdir():
        with path.open("rb") as content:
            os.fsync(content.fileno())


def _as_csv(name: str, frame: pd.DataFrame) -> str:
    """Write CSV: ISO dates, whole numbers without decimals, no text that a spreadsheet program would calculate."""
    text = frame.copy()
    for one in fields.tables()[name].fields:
        column = frame[one.name]
        if one.type == "string":
            text[one.name] = column.map(no_formula)
        elif one.type == "boolean":
            text[one.name] = column.map({True: "true", False: "false"})
        elif one.type == "number":
            text[one.name] = [_number(value) for value in column]
    return text.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")


def _number(value: float) -> str:
    if value != value:
        return ""
    return str(int(value)) if value == int(value) else repr(float(value))


def _take_over(processed: Path) -> None:
    """Move a complete new set over the old one; also one that a killed process left."""
    coming = processed / NEXT
    if not coming.is_dir():
        return
    for path in sorted(coming.iterdir()):
        os.replace(path, processed / path.name)
    coming.rmdir()


def load(name: str, processed: Path | str = project.PROCESSED, columns: list[str] | None = None) -> pd.DataFrame:
    """Load a tidy table, such as ``treaty_actions``, or some of its columns; a blank text in it is ``""``.

    Raises
    ------
    KeyError
        There is no table of the name.
    FileNotFoundError
        The tables are not built yet.
    """
    if name not in fields.tables():
        raise KeyError(f"no table {name!r}; there are {', '.join(fields.tables())}")
    processed = Path(processed)
    # Twice, because a writer may move the file between the look and the reading.
    for folder in (processed / NEXT, processed, processed / NEXT, processed):
        with contextlib.suppress(FileNotFoundError):
            return read(folder / f"{name}.parquet", columns)
    raise FileNotFoundError(f"no table {name} in {processed.name}: run `make data`")


def read(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a table's Parquet, its days as pandas keeps them."""
    with pq.ParquetFile(path) as file:  # pandas would look for a dataset of many files first
        frame = file.read(columns).to_pandas(date_as_object=False)
    return frame.astype({name: "datetime64[us]" for name in frame.select_dtypes("datetime").columns})
