import json
import shutil

import pytest
import tidy_tables
from raw_copies import bring, copy_ground, edit, put

from ccmlib.run import cli, data
from ccmlib.run.usage import WrongUsage
from ccmlib.tidy import tables
from ccmlib.treaty import build

#: With these and the ground, what follows from all rows can be derived.
FEW = ("use.xlsx", "article3_stockpiles.xlsx", "article4_clearance.xlsx", "article7_log.xlsx")


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    """A few of the raw exports, in which nothing is wrong."""
    raw = copy_ground(tmp_path_factory.mktemp("right"))
    bring(raw, *FEW)
    return raw


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    raw = copy_ground(tmp_path_factory.mktemp("check"))
    put(raw, "use.xlsx", "Use", "B5", "Yemenn")
    put(raw, "article4_clearance.xlsx", "Areas", "E6", "hectares")
    return raw


def test_every_problem_of_the_raw_exports_is_printed_at_once(raw, capsys):
    assert data.check(raw=raw) == 1
    said = capsys.readouterr().out
    assert said.startswith("2 problems\n")
    assert '  sheet "Use", cell B5: found "Yemenn", expected a State; perhaps: Yemen' in said


def test_a_tool_gets_json_and_nothing_else(raw, capsys):
    assert data.check(form="json", raw=raw) == 1
    problems = json.loads(capsys.readouterr().out)
    assert [(problem["file"], problem["cell"]) for problem in problems] == [
        ("article4_clearance.xlsx", "E6"),
        ("use.xlsx", "B5"),
    ]


def test_one_file_is_checked_in_place_of_its_namesake(raw, right, capsys):
    assert data.check(raw / "use.xlsx", raw=right) == 1
    assert "Yemenn" in capsys.readouterr().out
    assert data.check(right / "use.xlsx", raw=raw) == 0
    assert capsys.readouterr().out == (
        "use.xlsx, Use: 7 rows read, 2 kept for use_events; "
        "set aside: title: rows 1-2; header: row 3; note below the table: rows 7-8\nno problem found\n"
    )


def test_a_file_of_another_name_is_read_by_what_it_holds_or_as_the_option_says(raw, right, tmp_path, capsys):
    new = shutil.copy(raw / "use.xlsx", tmp_path / "new.xlsx")
    for layout in ("", "use"):
        assert data.check(new, layout=layout, raw=right) == 1
        assert "Yemenn" in capsys.readouterr().out


def test_a_file_that_nothing_reads_is_wrong_usage(raw, tmp_path):
    new = tmp_path / "new.csv"
    new.write_text("Country,Colour\nChad,red\n", encoding="utf-8")
    with pytest.raises(WrongUsage, match="no layout fits it; draft one with `ccm layout"):
        data.check(new, raw=raw)


def test_a_fresh_run_asks_nothing_and_rows_that_vanish_want_a_count(tmp_path, capsys):
    raw = copy_ground(tmp_path)
    bring(raw, *FEW)
    processed = tmp_path / "processed"
    assert data.make(raw, processed) == 0
    put(raw, "use.xlsx", "Use", "E5", "alleged")
    assert data.make(raw, processed) == 0
    assert "use_events: 0 rows came, 0 went, 1 changed" in capsys.readouterr().out
    edit(raw, "use.xlsx", lambda workbook: workbook["Use"].delete_rows(5))
    assert data.make(raw, processed) == 1
    assert "use.xlsx: 1 rows are gone" in capsys.readouterr().err
    assert len(tables.load("use_events", processed)) == 2
    path = raw / "sources.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("use.xlsx:\n", "use.xlsx:\n  rows_gone: 1\n"), encoding="utf-8")
    assert data.make(raw, processed) == 0
    assert len(tables.load("use_events", processed)) == 1


def test_the_command_prints_what_became_of_each_row(right, tmp_path, capsys):
    assert data.make(right, tmp_path) == 0
    said = capsys.readouterr().out
    assert "article7_log.xlsx, Initial reports:" in said
    assert "set aside: title:" in said
    assert "treaty_actions: " in said


def test_the_command_prints_everything_that_is_wrong_and_writes_nothing(tmp_path, capsys):
    raw = copy_ground(tmp_path)
    put(raw, "use.xlsx", "Use", "B5", "Yemenn")
    put(raw, "article4_clearance.xlsx", "Areas", "E6", "hectares")
    assert cli.answered(data.make, raw, tmp_path / "processed") == 1
    said = capsys.readouterr().err
    assert said.startswith("2 problems")
    assert "Yemenn" in said
    assert "hectares" in said
    assert not (tmp_path / "processed").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path, capsys, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied", str(tmp_path / "processed" / "states.csv"))

    monkeypatch.setattr(build, "build", lambda raw: tidy_tables.built())
    monkeypatch.setattr(tables, "write", refuse)
    assert cli.answered(data.make, processed=tmp_path / "processed") == 1
    said = capsys.readouterr().err
    place = tmp_path / "processed" / "states.csv"
    assert said == f"ccm: {place}: Permission denied\n"


def test_a_folder_without_exports_is_named(tmp_path, capsys):
    assert cli.answered(data.make, tmp_path / "none", tmp_path / "processed") == 1
    assert "no such folder" in capsys.readouterr().err
