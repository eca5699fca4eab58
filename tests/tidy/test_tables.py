import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from ccmlib.base import fields, files, project
from ccmlib.tidy import tables
from ccmlib.treaty import build, convention

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(project.ROOT)}
#: What follows from all rows together: a row may begin one spell and end another.
FROM_MANY = ("standings", "last_words")


@pytest.fixture
def few(built):
    """The first rows of each table: how files are written and taken over is the same for few rows as for many."""
    return {name: frame.head(20) for name, frame in built.items()}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


def test_all_tables_are_built_with_rows(built):
    assert list(built) == list(fields.tables())
    empty = {name for name, frame in built.items() if frame.empty}
    assert empty == {"corrections"}


def test_every_row_says_where_it_is_from_and_no_two_the_same(built):
    for name, frame in built.items():
        assert (frame["source"] != "").all(), name
        # A fact may answer several questions, or one for several years; two rows may contradict a third.
        assert frame["row"].is_unique or name in (*FROM_MANY, "observations", "disclosures", "disputes"), name
        assert frame["row"].str.count(":").ge(1).all(), name


def test_every_row_of_the_exports_is_kept_or_set_aside(built):
    for report in built.reports:
        assert report.read == report.kept + sum(map(len, report.aside.values())), str(report)
    kept = {(report.file, report.sheet): report.kept for report in built.reports}
    assert kept["un_states.csv", "un_states"] == len(built["states"])
    assert kept["untc_xxvi_6.xlsx", "Status"] == built["treaty_actions"]["iso3"].nunique()


def test_namibia_is_not_a_missing_value(built, processed):
    for frame in (built["states"], tables.load("states", processed)):
        assert frame.loc[frame["iso3"] == "NAM", "iso2"].tolist() == ["NA"]
    assert "NAM,NA,516," in (processed / "states.csv").read_text(encoding="utf-8")


def test_there_are_193_members_of_the_united_nations(built):
    assert built["states"]["un_member"].sum() == 193


def test_obligations_begin_with_entry_into_force(built):
    frame = built["obligations"].set_index(["iso3", "article"])
    assert frame.loc[("AFG", 4), "since"] == convention.entry_into_force(pd.Timestamp(2011, 9, 8))
    assert frame["since"].notna().all()


def test_reports_are_due_when_the_treaty_says(built):
    frame = built["reports"]
    initial = frame[(frame["kind"] == "initial") & (frame["iso3"] == "CUB")]
    assert initial["due_on"].tolist() == [pd.Timestamp(2017, 3, 30)]
    assert set(frame.loc[(frame["kind"] == "annual") & (frame["covers_year"] == 2015), "due_on"]) == {
        pd.Timestamp(2016, 4, 30)
    }
    assert frame.loc[frame["kind"] == "voluntary", "due_on"].isna().all()


def test_what_is_loaded_is_what_was_built(built, processed):
    for name, frame in built.items():
        pd.testing.assert_frame_equal(tables.load(name, str(processed)), frame)


def test_csv_holds_whole_numbers_iso_dates_and_lower_case_truth(processed):
    disclosures = pd.read_csv(processed / "disclosures.csv", dtype=str, keep_default_na=False)
    assert {"58000000", "0.85", ""} <= set(disclosures["value"])
    assert not disclosures["covers_year"].str.contains(r"\.").any()
    states = pd.read_csv(processed / "states.csv", dtype=str, keep_default_na=False)
    assert set(states["un_member"]) == {"true", "false"}
    actions = pd.read_csv(processed / "treaty_actions.csv", dtype=str, keep_default_na=False)
    assert actions["date"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()


def test_the_data_package_is_valid(processed):
    from frictionless import Package

    report = Package(str(processed / tables.PACKAGE_FILE)).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])
    package = json.loads((processed / tables.PACKAGE_FILE).read_text(encoding="utf-8"))
    assert [resource["name"] for resource in package["resources"]] == list(fields.tables())


def test_the_same_tables_give_the_same_bytes(built, processed, tmp_path):
    tables.write(built, tmp_path)
    assert contents(tmp_path) == contents(processed)


def test_building_again_changes_no_file(built, processed):
    times = {path.name: path.stat().st_mtime_ns for path in processed.iterdir() if path.is_file()}
    assert tables.write(build.build(project.RAW), processed) == []
    for path in processed.iterdir():
        if path.suffix in (".csv", ".parquet"):
            assert path.stat().st_mtime_ns == times[path.name]


def test_only_the_tables_that_change_are_written(few, tmp_path):
    tables.write(few, tmp_path)
    changed = {**few, "use_events": few["use_events"].iloc[:1]}
    names = {path.name for path in tables.write(changed, tmp_path)}
    assert names == {"use_events.csv", "use_events.parquet", tables.PACKAGE_FILE}
    assert len(tables.load("use_events", tmp_path)) == 1


def test_no_text_of_a_csv_is_a_formula(few, tmp_path):
    spoilt = few["use_events"].copy()
    spoilt["place"] = ["=HYPERLINK(1)", "@cmd"]
    tables.write({**few, "use_events": spoilt}, tmp_path)
    lines = (tmp_path / "use_events.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith("'=HYPERLINK(1)")
    assert lines[2].startswith("'@cmd")
    assert tables.load("use_events", tmp_path)["place"].tolist() == ["=HYPERLINK(1)", "@cmd"]


def test_other_files_of_the_folder_stay(few, tmp_path):
    (tmp_path / "README.md").write_text("x", encoding="utf-8")
    tables.write(few, tmp_path)
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "x"


def test_a_table_that_is_not_there_is_named(tmp_path):
    with pytest.raises(KeyError, match="no table 'state'; there are states"):
        tables.load("state", tmp_path)
    with pytest.raises(FileNotFoundError, match="run `make data`"):
        tables.load("states", tmp_path)


def test_a_set_that_a_killed_run_left_complete_is_taken_over(few, tmp_path):
    tables.write(few, tmp_path)
    new = {**few, "use_events": few["use_events"].iloc[:1], "questions": few["questions"].iloc[:1]}
    other = tmp_path / "other"
    tables.write(new, other)
    coming = tmp_path / tables.NEXT
    coming.mkdir()
    # The run was killed after it had moved one of the two tables.
    shutil.copy(other / "questions.parquet", tmp_path / "questions.parquet")
    shutil.copy(other / "use_events.parquet", coming / "use_events.parquet")
    assert len(tables.load("use_events", tmp_path)) == 1
    assert len(tables.load("questions", tmp_path)) == 1
    tables.write(new, tmp_path)
    assert not coming.exists()
    assert len(tables.load("use_events", tmp_path)) == 1


def test_a_stage_that_a_killed_run_left_is_removed(few, tmp_path):
    (tmp_path / ".stage-old").mkdir()
    tables.write(few, tmp_path)
    assert not list(tmp_path.glob(".stage-*"))


def test_a_failure_while_writing_leaves_the_earlier_tables_whole(few, tmp_path, monkeypatch):
    tables.write(few, tmp_path)
    before = contents(tmp_path)

    def full(*_):
        raise OSError(28, "No space left on device", str(tmp_path / "questions.csv"))

    monkeypatch.setattr(tables, "_as_csv", full)
    with pytest.raises(OSError, match="No space left"):
        tables.write({**few, "use_events": few["use_events"].iloc[:1]}, tmp_path)
    assert contents(tmp_path) == before
    assert not list(tmp_path.glob(".stage-*"))


WRITER = """
import sys
from ccmlib import tables
first, second, folder = sys.argv[1:]
sets = [{name: tables.load(name, source) for name in tables.fields.tables()} for source in (first, second)]
print("ready", flush=True)
while True:
    for frames in sets:
        tables.write(frames, folder)
"""


SECOND = """
import sys
from ccmlib import tables
tables.write({name: tables.load(name, sys.argv[1]) for name in tables.fields.tables()}, sys.argv[2])
"""


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_one_whole_set(few, tmp_path):
    folders = [tmp_path / name for name in ("first", "second", "written")]
    for mark, folder in zip(("a", "b"), folders, strict=False):
        tables.write({name: frame.assign(source=mark) for name, frame in few.items()}, folder)
    tables.write({name: tables.load(name, folders[0]) for name in few}, folders[2])
    moments = random.Random(1)
    for _ in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, *map(str, folders)], stdout=subprocess.PIPE, env=ENVIRONMENT
        )
        writer.stdout.readline()
        time.sleep(moments.uniform(0.0, 1.0))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        marks = {mark for name in few for mark in tables.load(name, folders[2])["source"].unique()}
        assert len(marks) == 1
        tables.write({name: tables.load(name, folders[0]) for name in few}, folders[2])
        assert set(tables.load("states", folders[2])["source"]) == {"a"}


def test_a_second_writer_waits_for_the_first(few, tmp_path):
    tables.write(few, tmp_path / "one")
    with files.locked(tmp_path / tables.LOCK):
        second = subprocess.Popen(
            [sys.executable, "-c", SECOND, str(tmp_path / "one"), str(tmp_path)],
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
        )
        assert b"waiting" in second.stderr.readline()
        assert not (tmp_path / "states.csv").exists()
    assert second.wait() == 0
    assert (tmp_path / "states.csv").exists()
