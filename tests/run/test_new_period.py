"""CONTRIBUTING's yearly routine, walked through on a copy, with workbooks that are laid out otherwise."""

import csv
import os
import shutil
import subprocess
import sys

import openpyxl
import pytest
import yaml
from raw_copies import bring, copy_ground, copy_raw

from ccmlib.base import project
from ccmlib.ingest import cards, layouts
from ccmlib.run import cli, data
from ccmlib.treaty import build

TO = ("--to", "2025-12-31", "--place", "Vientiane")


@pytest.fixture
def ccm(tmp_path):
    """Copy the project, and give a function that runs a verb there: its exit code and what it said."""
    for name in ("ccmlib", "data/raw"):
        shutil.copytree(project.ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))

    def run(*words):
        environment = {**os.environ, "CCM_ROOT": str(tmp_path), "PYTHONPATH": str(tmp_path)}
        command = [sys.executable, "-m", "ccmlib", *map(str, words)]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    return run


def workbook(path, title, *rows):
    """Write a workbook of one sheet."""
    made = openpyxl.Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def table(path):
    with path.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


@pytest.mark.slow
def test_a_new_period_step_by_step(ccm, tmp_path):
    raw, maps = tmp_path / "data/raw", tmp_path / "ccmlib/ingest/maps"
    known = workbook(
        tmp_path / "use 2025.xlsx", "Use", ["Place", "State", "From", "To", "Status", "Source"],
        ["Somewhere", "Yemenn", "2025-07-02", "2025-07-03", "alleged", "A publisher, page 1"],
        ["Elsewhere", "Chad", "2025-07-02", "2025-07-03", "none", "A publisher, page 2"],
    )  # fmt: skip
    other = workbook(
        tmp_path / "workshops.xlsx", "Sheet1", ["Workshops held"], ["First day", "Last day", "Name of event", "Where read"],
        ["2025-08-01", "2025-08-02", "Workshop on reporting", "A publisher, page 3"],
        ["2025-09-01", "2025-09-02", "Workshop on clearance", "A publisher, page 4"],
    )  # fmt: skip

    # Step 1: what is missing is asked for; then everything is drafted.
    before = {path.name: path.read_bytes() for path in raw.iterdir()}
    code, said = ccm("new-period", "14msp", known, other)
    assert code == 2
    assert "14MSP begins on 2025-07-01: give its last day, --to, and where the meeting is, --place" in said
    assert {path.name: path.read_bytes() for path in raw.iterdir()} == before
    code, said = ccm("new-period", "14msp", known, other, *TO)
    assert code == 0, said
    assert "14MSP: Fourteenth Meeting of States Parties, 2025-07-01 to 2025-12-31" in said
    assert (raw / "periods.csv").read_text(encoding="utf-8").splitlines()[-1] == (
        "14MSP,Fourteenth Meeting of States Parties,Vientiane,2025-07-01,2025-12-31,,as given to ccm new-period")
    drafted = (raw / cards.CARDS_FILE).read_text(encoding="utf-8")
    assert "#   - {subject: TODO, from_on: 2025-07-01, to_on: 2025-12-31}" in drafted
    written = yaml.safe_load(drafted)
    assert [written[file]["layout"] for file in ("use 2025.xlsx", "workshops.xlsx")] == ["use", "workshops"]
    assert "covers" not in written["workshops.xlsx"]

    # Step 2: a person fills in the cards and the layout; until then the check says what is missing.
    code, said = ccm("check")
    assert code == 1
    assert "producer on the card" in said
    for file in ("use 2025.xlsx", "workshops.xlsx"):
        named = dict.fromkeys(("producer", "title", "citation", "symbol", "licence"), "A secretariat")
        written[file] |= named
        written[file].pop("url")
    (raw / cards.CARDS_FILE).write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
    code, said = ccm("check")
    assert "workshops.yml" in said
    layout = (maps / "workshops.yml").read_text(encoding="utf-8")
    fields = {"First day": "from_on", "Last day": "to_on", "Name of event": "title", "Where read": "source"}
    kinds = {"from_on": "first_day", "to_on": "last_day"}
    lines = []
    for line in layout.splitlines():
        label = next((label for label in fields if f"['{label}']" in line), None)
        if label:
            kind = kinds.get(fields[label], "text")
            line = f"      - {{field: {fields[label]}, kind: {kind}, labels: ['{label}'], filled: true}}"
        lines.append(line)
    text = "\n".join(lines).replace("feeds: TODO", "feeds: activities\n    constants: {theme: transparency, kind: workshop}")
    (maps / "workshops.yml").write_text(text + "\n", encoding="utf-8")

    # Step 3: what a source got wrong is drafted as a correction, and counts once a person has finished it.
    code, said = ccm("correct")
    assert "2 corrections drafted" in said
    rows = table(raw / "corrections.csv")
    assert [[*row.values()][:5] for row in rows] == [
        ["use 2025.xlsx", "Use", "B2", "Yemenn", "Yemen"], ["use 2025.xlsx", "Use", "E3", "none", "none"]]
    code, said = ccm("check")
    assert code == 1
    assert "expected a value for reason" in said
    assert "0 corrections drafted" in ccm("correct")[1]
    rows[1] |= {"cell": "row 3", "old": "Elsewhere | Chad | 2025-07-02 | 2025-07-03 | none | A publisher, page 2", "new": ""}
    for row in rows:
        row |= {"reason": "misspelt", "publisher": "A secretariat", "source": "its letter"}
    with (raw / "corrections.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    code, said = ccm("data")
    assert code == 0, said
    use = table(tmp_path / "data/processed/use_events.csv")
    assert [row["iso3"] for row in use if row["row"].startswith("use 2025")] == ["YEM"]
    assert "Workshop on clearance" in {row["title"] for row in table(tmp_path / "data/processed/activities.csv")}

    # Step 4: the published report gives the first version of the ledger.
    report = tmp_path / "14MSP report.txt"
    report.write_text("Progress report\n\n1. As of 31 December 2025, there were 112 States Parties.\n", encoding="utf-8")
    code, said = ccm("new-period", "14MSP", report)
    assert code == 0, said
    ledger = table(raw / "published_figures_14MSP.csv")
    assert [row["value"] for row in ledger if row["value_kind"] == "number"] == ["112"]
    card = yaml.safe_load((raw / cards.CARDS_FILE).read_text(encoding="utf-8"))["published_figures_14MSP.csv"]
    assert card["constants"] == {"period": "14MSP", "document": "14MSP report"}
    code, said = ccm("new-period", "14MSP", report)
    assert code == 2  # a ledger is never written over


@pytest.mark.parametrize(("words", "said"), [
    (["14th", *TO], "'14TH' does not name a meeting"),
    (["14MSP", "none.xlsx"], "no file none.xlsx"),
    (["14MSP", "--to=2025-06-01", "--place=Geneva"], "the period ends on 2025-06-01, before it starts on 2025-07-01"),
    (["14MSP", "use.xlsx", *TO], "data/raw/use.xlsx is another file"),
    (["14MSP", "activities.csv", *TO], "the layout activities does not fit activities.csv: rename the file"),
])  # fmt: skip
def test_what_cannot_be_drafted_is_refused_and_nothing_is_written(tmp_path, monkeypatch, capsys, words, said):
    raw, maps = copy_raw(tmp_path / "data"), tmp_path / "maps"
    maps.mkdir()
    for module, name, place in ((project, "ROOT", tmp_path), (project, "RAW", raw), (layouts, "FOLDER", maps)):
        monkeypatch.setattr(module, name, place)
    monkeypatch.chdir(tmp_path)
    workbook(tmp_path / "use.xlsx", "Use", ["Place"])
    (tmp_path / "activities.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in raw.iterdir()}
    assert cli.main(["new-period", *words]) == 2
    assert said in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in raw.iterdir()} == before
    assert list(maps.iterdir()) == []


def test_a_whole_row_is_corrected_or_taken_out(tmp_path):
    raw = copy_ground(tmp_path)
    bring(raw, "use.xlsx")
    before = build.check(raw=raw)[0]["use_events"]
    row = next(row for row in before["row"] if row.startswith("use.xlsx"))
    sheet, number = row.split(":")[1], int("".join(filter(str.isdigit, row.split(":")[2])))
    held = [cell.value for cell in openpyxl.load_workbook(raw / "use.xlsx")[sheet][number]]
    shown = " | ".join("" if value is None else f"{value:%Y-%m-%d}" if hasattr(value, "year") else str(value) for value in held)

    def events(*corrected):
        with (raw / "corrections.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["file", "sheet", "cell", "old", "new", "reason", "publisher", "source"])
            for at, old, new in corrected:
                writer.writerow(["use.xlsx", sheet, f"row {at}", old, new, "said twice", "ISU", "a letter"])
        frames, problems = build.check(raw=raw)
        return problems, frames["use_events"]

    problems, frame = events((number, shown, ""))
    assert (len(problems), len(frame)) == (0, len(before) - 1)
    problems, frame = events((number, shown, shown.replace("confirmed", "alleged")))
    assert (len(problems), len(frame)) == (0, len(before))
    assert frame.set_index("row").loc[row, "status"] == "alleged"
    problems, _ = events((number, shown, f"{shown} | one | too | many"), (number + 1, "other | cells", ""))
    assert problems.text().count("which corrections.csv corrects") == 2


def test_what_is_right_needs_no_correction(tmp_path):
    raw = copy_ground(tmp_path)
    bring(raw, "use.xlsx")
    assert "0 corrections drafted" in data.correct(raw)
    assert (raw / "corrections.csv").read_text() == (project.RAW / "corrections.csv").read_text()


def test_rows_are_added_below_a_last_line_that_is_not_ended(tmp_path):
    path = tmp_path / "periods.csv"
    path.write_text("period,place\n1MSP,Vientiane", encoding="utf-8")
    data.append(path, [["2MSP", "San José, Costa Rica"]])
    assert path.read_text(encoding="utf-8") == 'period,place\n1MSP,Vientiane\n2MSP,"San José, Costa Rica"\n'
