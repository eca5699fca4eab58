import csv
import datetime as dt
import shutil

import pytest
import yaml
from raw_copies import bring, copy_ground, copy_raw, one, problems_of, put, recard

from ccmlib.base import project
from ccmlib.base.problems import Problems
from ccmlib.ingest import cards
from ccmlib.treaty import build

FIELDS = ["file", "sheet", "cell", "old", "new", "reason", "publisher", "source"]


@pytest.fixture
def raw(tmp_path):
    """Give a folder with a few exports and their cards."""
    raw = copy_ground(tmp_path)
    bring(raw, "use.xlsx", "activities.xlsx")
    return raw


@pytest.fixture
def folder(tmp_path):
    """Give a folder with one file and its card."""
    (tmp_path / "periods.csv").write_text("period\n", encoding="utf-8")
    write(tmp_path, "periods.csv", card(tmp_path))
    return tmp_path


def card(folder, **changed):
    digest = cards.sha256(folder / "periods.csv")
    whole = {
        "layout": "periods", "producer": "the project", "title": "Periods", "citation": "Periods", "url": "https://example.org",
        "accessed": "2026-01-01", "licence": "as the project", "sha256": digest,
    }  # fmt: skip
    return {key: value for key, value in {**whole, **changed}.items() if value is not None}


def write(folder, file, content):
    (folder / cards.CARDS_FILE).write_text(yaml.safe_dump({file: content}), encoding="utf-8")


def loaded(folder):
    problems = Problems()
    return cards.load(folder, problems), problems


def correct(raw, *rows):
    with (raw / cards.CORRECTIONS_FILE).open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, FIELDS)
        writer.writeheader()
        writer.writerows(dict(zip(FIELDS, row, strict=True)) for row in rows)


def test_every_raw_file_has_a_card_that_is_complete_and_true():
    found, problems = loaded(project.RAW)
    assert not problems, problems.text()
    assert {card.file for card in found} == {path.name for path in project.RAW.iterdir()} - cards.OWN_FILES
    assert all(card.citation and card.licence and (card.url or card.symbol) for card in found)


def test_a_file_that_changed_while_its_card_did_not_stops(folder):
    (folder / "periods.csv").write_text("period\n6MSP\n", encoding="utf-8")
    found, problems = loaded(folder)
    assert found == []
    problem = one(problems)
    assert problem.found == "a file that changed since its source card was written"
    assert "ccm card periods.csv" in problem.suggestion


def test_a_file_without_a_card_and_a_card_without_its_file_are_named(folder):
    (folder / "periods.csv").rename(folder / "other.csv")
    assert {(problem.file, problem.found) for problem in loaded(folder)[1]} == {
        ("other.csv", "a file without a source card"),
        ("periods.csv", "a source card without its file"),
    }


def test_files_of_programs_are_no_exports(folder):
    for name in (".gitkeep", "~$periods.csv", ".~lock.periods.csv#"):
        (folder / name).write_text("x", encoding="utf-8")
    assert not loaded(folder)[1]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"citation": None}, "citation on the card"),
        ({"url": None}, "url, or symbol of the document, on the card"),
        ({"colour": "red"}, "one of: layout"),
        ({"layout": "none"}, "a layout: action_plan"),
        ({"sha256": "abc"}, "a SHA-256 hash of 64 digits"),
        ({"covers": [{"subject": "disclosures", "to_on": "soon"}]}, "covers: subject"),
        ({"covers": [{"subjects": "disclosures"}]}, "covers: subject"),
    ],
)
def test_a_card_that_is_not_complete_is_named(folder, changed, said):
    write(folder, "periods.csv", card(folder, **changed))
    assert one(loaded(folder)[1]).expected.startswith(said)


@pytest.mark.parametrize("content", ["a: [", "- a\n- b\n", "periods.csv: x\n"])
def test_cards_that_are_no_cards_are_named(folder, content):
    (folder / cards.CARDS_FILE).write_text(content, encoding="utf-8")
    assert loaded(folder)[1]


def test_aliases_that_stand_for_more_than_memory_holds_are_refused(folder):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    (folder / cards.CARDS_FILE).write_text("\n".join(lines), encoding="utf-8")
    assert "counting those that aliases repeat" in one(loaded(folder)[1]).found


def test_a_ledger_is_of_the_period_that_it_is_named_after_and_that_there_is(raw):
    bring(raw, "published_figures_6MSP.csv")
    path = raw / cards.CARDS_FILE
    path.write_text(path.read_text(encoding="utf-8").replace("period: 6MSP,", "period: 6MPS,"), encoding="utf-8")
    found = {(problem.file, problem.found, problem.suggestion) for problem in problems_of(raw)}
    assert (cards.CARDS_FILE, "period: 6MPS", "") in found
    assert ("published_figures_6MSP.csv", "6MPS", "6MSP") in found


def test_a_folder_without_cards_is_named(tmp_path):
    assert one(loaded(tmp_path)[1]).file == cards.CARDS_FILE


def test_the_new_hash_is_written_and_nothing_else_of_the_cards_changes(tmp_path):
    raw = copy_raw(tmp_path)
    before = yaml.safe_load((raw / cards.CARDS_FILE).read_text(encoding="utf-8"))
    with (raw / "periods.csv").open("a", encoding="utf-8") as lines:
        lines.write("\n")
    assert "hash" in cards.update_card("periods.csv", raw)
    after = yaml.safe_load((raw / cards.CARDS_FILE).read_text(encoding="utf-8"))
    assert after["periods.csv"].pop("sha256") == cards.sha256(raw / "periods.csv")
    assert before["periods.csv"].pop("sha256") != cards.sha256(raw / "periods.csv")
    after["periods.csv"].pop("accessed"), before["periods.csv"].pop("accessed")
    assert after == before
    assert (raw / cards.CARDS_FILE).read_text(encoding="utf-8").startswith("# Source cards")
    assert "up to date" in cards.update_card(str(raw / "periods.csv"), raw)


def test_a_new_file_gets_a_card_to_fill_in(raw):
    shutil.copy(raw / "periods.csv", raw / "more.csv")
    assert "new card" in cards.update_card("more.csv", raw)
    _, problems = loaded(raw)
    assert {problem.cell for problem in problems} == {"more.csv"}
    with pytest.raises(FileNotFoundError, match=r"none\.csv"):
        cards.update_card("none.csv", raw)


def test_a_correction_is_applied_said_and_recorded(raw):
    correct(raw, ["use.xlsx", "Use", "E5", "confirmed", "alleged", "corrected in 2017", "ISU", "CCM/MSP/2017/1"])
    frames, problems = build.check(raw=raw)
    assert not problems
    assert frames["use_events"]["status"].tolist() == ["confirmed", "alleged"]
    assert frames["corrections"]["row"].tolist() == ["corrections.csv:corrections:2"]
    (report,) = (report for report in frames.reports if report.file == "use.xlsx")
    assert 'corrected: E5 from "confirmed" to "alleged" (corrected in 2017; ISU)' in report.notes


def test_dates_and_numbers_can_be_corrected(raw):
    correct(
        raw,
        ["use.xlsx", "Use", "C4", "2015-09-12", "2015-10-01", "typing error", "ISU", "X"],
        ["activities.xlsx", "Activities", "F6", "16", "17", "typing error", "ISU", "X"],
    )
    frames, problems = build.check(raw=raw)
    assert not problems
    assert f"{frames['use_events']['from_on'][0]:%Y-%m-%d}" == "2015-10-01"
    assert frames["activities"]["count"][0] == 17


def test_a_correction_whose_old_value_is_not_there_stops(raw):
    places = (["use.xlsx", "Use", "E5", "denied"], ["use.xlsx", "Use", "E500", "confirmed"],
              ["use.xlsx", "Usage", "E5", "confirmed"], ["used.xlsx", "Use", "E5", "confirmed"])  # fmt: skip
    correct(raw, *([*place, "alleged", "x", "ISU", "X"] for place in places))
    problems = {(problem.file, problem.sheet, problem.cell): problem for problem in problems_of(raw)}
    assert len(problems) == len(places)
    for row, (file, sheet, cell, _) in enumerate(places, 2):
        assert "which corrections.csv corrects" in problems[file, sheet, cell].expected
        assert f"corrections.csv:corrections:{row}" in problems[file, sheet, cell].suggestion


def test_a_correction_without_a_reason_is_named(raw):
    correct(raw, ["use.xlsx", "Use", "E5", "confirmed", "alleged", "", "ISU", "X"])
    assert "a value for reason" in {problem.expected for problem in problems_of(raw)}


def test_another_file_may_be_read_in_place_of_a_raw_one(raw, tmp_path):
    put(raw, "use.xlsx", "Use", "B5", "Yemenn")
    new = shutil.move(raw / "use.xlsx", tmp_path / "use.xlsx")
    shutil.copy(project.RAW / "use.xlsx", raw / "use.xlsx")
    recard(raw, "use.xlsx")
    assert not problems_of(raw)
    frames, problems = build.check(new, raw=raw)
    assert one(problems).suggestion == "Yemen"
    assert [report.file for report in frames.reports] == ["use.xlsx"]


def test_another_file_is_read_by_the_layout_that_is_named(raw, tmp_path):
    new = shutil.copy(raw / "use.xlsx", tmp_path / "use of 2017.xlsx")
    assert not build.check(new, layout="use", raw=raw)[1]
    assert not build.check(new, raw=raw)[1]
    other = tmp_path / "other.csv"
    other.write_text("Country,Colour\nChad,red\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no layout fits it; draft one with `ccm layout"):
        build.check(other, raw=raw)
    with pytest.raises(ValueError, match="no layout 'used'; perhaps: use"):
        build.check(new, layout="used", raw=raw)
    with pytest.raises(ValueError, match="no file"):
        build.check(tmp_path / "none.xlsx", raw=raw)


@pytest.mark.parametrize(
    ("covers", "wrong"),
    [
        ([{"subject": "activities", "from_on": dt.date(2015, 9, 12), "to_on": dt.date(2061, 6, 30)}], True),
        ([{"subject": "activities", "from_on": dt.date(2016, 7, 1), "to_on": dt.date(2016, 6, 30)}], True),
        ([{"subject": "activities", "from_on": dt.date(2015, 9, 12), "to_on": dt.date(2026, 1, 2)}], True),
        ([{"subject": "activities", "to_on": dt.date(2026, 1, 1)}], False),
    ],
)
def test_what_a_file_covers_lies_before_the_day_it_was_taken(folder, covers, wrong):
    write(folder, "periods.csv", card(folder, covers=covers))
    _, problems = loaded(folder)
    assert len(problems) == wrong
    assert all(problem.cell == "periods.csv" and "covers activities" in problem.found for problem in problems)


def covering(file, from_on, to_on, **more):
    covers = [{"subject": "initial_reports", "from_on": dt.date(*from_on), "to_on": dt.date(*to_on), **more}]
    return cards.Card(file, "article7_log", title=file, accessed="", covers=covers)


def test_a_later_file_extends_what_an_earlier_one_covers():
    first = covering("a.xlsx", (2015, 9, 11), (2016, 6, 30))
    found = cards.coverage([covering("b.xlsx", (2016, 7, 1), (2017, 6, 30)), first])
    assert [str(day) for day in found["from_on"]] == ["2015-09-11", "2015-09-11"]
    apart = cards.coverage([first, covering("b.xlsx", (2016, 7, 2), (2017, 6, 30))])
    assert [str(day) for day in apart["from_on"]] == ["2015-09-11", "2016-07-02"]


def test_two_files_that_cover_one_subject_give_tables(raw):
    bring(raw, "article7_log.xlsx")
    shutil.copy(raw / "article7_log.xlsx", raw / "second_log.xlsx")
    path = raw / cards.CARDS_FILE
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["second_log.xlsx"] = {**content["article7_log.xlsx"], "covers": [
        {"subject": "initial_reports", "from_on": dt.date(2016, 7, 1), "to_on": dt.date(2017, 6, 30)}]}  # fmt: skip
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    frames, _ = build.check(raw=raw)
    rows = frames["coverage"].query("subject == 'initial_reports'")
    assert [f"{day:%Y-%m-%d}" for day in rows["to_on"]] == ["2016-06-30", "2017-06-30"]


def test_files_that_systems_leave_are_no_exports_and_the_cards_have_no_card(folder):
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / "desktop.ini").write_bytes(b"x")
    assert not loaded(folder)[1]
    with pytest.raises(FileNotFoundError, match=r"sources\.yml is no export"):
        cards.update_card(cards.CARDS_FILE, folder)


def test_a_word_of_a_card_that_is_nearly_right_is_suggested(folder):
    write(folder, "periods.csv", card(folder, citaton="x", layout="period"))
    assert {problem.suggestion for problem in loaded(folder)[1]} == {"citation", "periods"}


def test_a_card_may_say_how_many_rows_its_file_holds(raw):
    path = raw / cards.CARDS_FILE
    text = path.read_text(encoding="utf-8")
    for rows, wrong in ((2, 0), (3, 1)):
        path.write_text(text.replace("use.xlsx:\n", f"use.xlsx:\n  rows: {rows}\n"), encoding="utf-8")
        problems = problems_of(raw)
        assert len(problems) == wrong
    assert one(problems).expected == "3 rows, as its source card says"
