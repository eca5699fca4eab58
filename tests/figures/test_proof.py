"""The proof-reader on drafts in several styles: what it finds, what it leaves alone, what it writes."""

import csv
import json
from pathlib import Path

import docx
import pytest
import yaml

from benchmarks.proof import made
from ccmlib.figures import proof as proofs
from ccmlib.figures.proof import document, mentions, output, rules
from ccmlib.figures.proof.words import RULES, stems

DRAFTS = Path(__file__).parent / "drafts"
EXPECTED = yaml.safe_load((DRAFTS / "expected.yml").read_text(encoding="utf-8"))
MOST_FALSE = 2


@pytest.fixture(scope="module")
def tidy(built):
    return built.__getitem__


@pytest.fixture
def proof(tidy, tmp_path):
    def read(text, figures=(), period="", name="draft.txt"):
        file = tmp_path / name
        if isinstance(text, str):
            file.write_text(text, encoding="utf-8")
        else:
            text.save(file)
        return proofs.proof(file, period, list(figures), tidy)

    return read


def told(proof):
    return {(f.ref, f.rule) for f in proof.findings}


@pytest.mark.parametrize("file", EXPECTED)
def test_a_draft_is_read_whole_and_its_faults_are_found(file, tidy):
    truth = EXPECTED[file]
    read = proofs.proof(DRAFTS / file, figures=made(truth), tidy=tidy)
    quantities = {(q.ref, q.value) for q in read.quantities}
    lists = {(n.ref, " ".join(n.states)) for n in read.lists}
    assert [q for q in truth.get("quantities", []) if tuple(q) not in quantities] == []
    assert [n for n in truth.get("lists", []) if tuple(n) not in lists] == []
    faults = {(ref, rule) for refs, rule in truth["faults"] for ref in refs.split(" or ")}
    found = told(read)
    assert [f for f in truth["faults"] if not any((ref, f[1]) in found for ref in f[0].split(" or "))] == []
    assert len(found - faults) <= MOST_FALSE


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("1. Nineteen States", "19", "number"),
        ("1. One hundred and seven States", "107", "number"),
        ("1. Some 54,800 letters", "54800", "number"),
        ("1. It was 12.5 per cent", "12.5", "percent"),
        ("1. None of the States answered", "0", "number"),
        ("1. They had eight years", "8", "time"),
        ("1. It ended in March 2020", "2020-03", "date"),
        ("1. It ended on September 21, 2016", "2016-09-21", "date"),
        ("1. On 30 June 2016 all was well; it began on 20 April", "2016-04-20", "date"),
        ("1. On 30 June 2016 all was well; it began on 20 October", "2015-10-20", "date"),
    ],
)
def test_a_quantity_is_read_as_written(proof, text, value, kind):
    assert (value, kind) in {(q.value, q.kind) for q in proof(text).quantities}


@pytest.mark.parametrize(
    "text",
    [
        "1. See Article 7, paragraph 2, and paras 12 and 13 of Table 4.",
        "1. The fourth State and the one that left.",
    ],
)
def test_what_names_something_counts_nothing(proof, text):
    assert [q.value for q in proof(text).quantities if q.kind == "number"] == []


def test_names_are_read_by_the_register_whole(proof):
    text = (
        "1. Bosnia Herzegovina, Cote d'Ivoire, Guinea Bissau, "
        "Bolivia (Plurinational State of) and Democratic Republic of Congo."
    )
    assert [n.states for n in proof(text).lists] == [["BIH", "CIV", "GNB", "BOL", "COD"]]


def test_eight_out_of_twelve_belongs_to_the_eight(proof):
    (eight, twelve) = proof("1. Eight out of twelve States Parties reported (Chad and Iraq).").quantities
    assert eight.whole is twelve
    assert eight.names.states == ["TCD", "IRQ"]


def test_a_number_is_compared_with_the_figure_that_says_the_same(proof):
    figure = {
        "figure_id": "assistance_requested",
        "label": "States Parties that requested assistance",
        "value": "9",
        "unit": "States",
        "section": "cooperation",
        "states": [],
    }
    text = "1. Eleven States Parties requested assistance in the year."
    assert told(proof(text, [figure])) == {("para 1", "data_value")}
    assert told(proof(text, [figure | {"lower": "8", "upper": "12"}])) == set()
    assert told(proof(text.replace("Eleven", "Nine"), [figure])) == set()


def test_a_count_that_is_tied_to_a_month_is_no_contradiction(proof):
    figure = {"figure_id": "africa_workshop_on", "label": "Africa regional workshop", "value": "2016-08", "states": []}
    draft = proof("1. Demarches in 32 States are planned.")
    draft.quantities[0].figure_id, draft.quantities[0].confidence = "africa_workshop_on", 1
    draft.figures = {"africa_workshop_on": figure}
    assert list(rules.against_data(draft)) == []


def test_another_list_than_the_data_s_is_told(proof):
    figure = {
        "figure_id": "assistance_requested",
        "label": "States Parties that requested assistance",
        "value": "2",
        "unit": "States",
        "section": "cooperation",
        "states": ["TCD", "IRQ"],
    }
    found = proof("1. Two States Parties requested assistance: Chad and Lebanon.", [figure]).findings
    assert [(f.rule, f.severity) for f in found] == [("data_states", "check")]
    assert "only the draft names Lebanon; only the data name Iraq" in found[0].why


def word():
    document = docx.Document()
    document.add_heading("Universalization", 1)
    document.add_paragraph("On 30 June 2016 there were 100 States Parties.", style="List Number")
    document.add_paragraph("Three States (Cuba and Palau) are not bound yet.", style="List Number")
    document.add_paragraph("Ask Cuba.", style="List Bullet")
    row = document.add_table(1, 2).rows[0]
    row.cells[0].text, row.cells[1].text = "Parties", "99 States Parties"
    return document


def test_a_word_file_is_read_with_the_numbers_that_word_sets(proof):
    read = proof(word(), name="draft.docx")
    assert [p.ref for p in read.passages] == [
        "Universalization",
        "para 1",
        "para 2",
        "para 2",
        "Table 1",
        "Table 1",
    ]
    assert {("para 2", "list_length"), ("para 1", "numbers_differ")} == told(read)


def test_comments_stand_at_their_places(proof, tmp_path):
    output.as_docx(proof(word(), name="draft.docx"), tmp_path / "out.docx")
    written = docx.Document(tmp_path / "out.docx")
    assert [p.text for p in written.paragraphs] == [p.text for p in word().paragraphs]
    assert sorted(comment.text.split(":")[0] for comment in written.comments) == ["100", "3"]
    commented = [p.text for p in written.paragraphs if p._p.xpath(".//w:commentReference")]
    assert commented == [
        "On 30 June 2016 there were 100 States Parties.",
        "Three States (Cuba and Palau) are not bound yet.",
    ]


def test_a_text_becomes_a_word_file_with_comments(proof, tmp_path):
    output.as_docx(proof("1. Three States (Cuba and Palau) are not bound yet."), tmp_path / "out.docx")
    written = docx.Document(tmp_path / "out.docx")
    assert [p.text for p in written.paragraphs] == ["[para 1] Three States (Cuba and Palau) are not bound yet."]
    assert len(list(written.comments)) == 1


def test_a_pdf_is_read_by_its_text_layer(tidy, tmp_path):
    weasyprint = pytest.importorskip("weasyprint")
    text = (
        "<p>1. On 30 June 2016 there were 100 States Parties to the Convention, which is a number.</p>"
        "<p>2. Three States (Cuba and Palau) are not bound yet.</p>"
    )
    weasyprint.HTML(string=text).write_pdf(tmp_path / "draft.pdf")
    assert told(proofs.proof(tmp_path / "draft.pdf", figures=[], tidy=tidy)) == {("para 2", "list_length")}


@pytest.mark.parametrize(("name", "text"), [("a.odt", "x"), ("a.docx", "x"), ("a.pdf", "x"), ("a.txt", " ")])
def test_what_is_no_draft_is_refused_by_name(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=name):
        document.read(tmp_path / name)


@pytest.fixture
def known(monkeypatch, tidy, tmp_path):
    """Tidy tables for the command, and no report that is made."""
    monkeypatch.setattr(output, "proof", lambda file, period: proofs.proof(file, period, [], tidy))
    monkeypatch.setattr(output.project, "REPORTS", tmp_path)


@pytest.mark.parametrize(
    ("text", "code"), [("1. Two States (Cuba and Palau).", 0), ("1. Three States (Cuba and Palau).", 1)]
)
def test_the_command_says_by_its_exit_code_whether_something_disagrees(known, tmp_path, capsys, text, code):
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert output.main(tmp_path / "a.txt", form="json") == code
    assert len(json.loads(capsys.readouterr().out)) == code
    assert output.main(tmp_path / "a.txt", form="html", out=tmp_path / "a.html") == code
    assert "a.txt" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_wrong_usage_is_said(known, tmp_path, capsys):
    assert output.main(tmp_path / "none.txt") == 2
    (tmp_path / "a.txt").write_text("1. Two States.", encoding="utf-8")
    assert output.main(tmp_path / "a.txt", "99MSP") == 2
    assert "no reporting period '99MSP'" in capsys.readouterr().err


def test_a_first_ledger_is_written_once(known, tmp_path):
    (tmp_path / "a.txt").write_text("1. Two States met on 5 May 2016 (Cuba and Cote d'Ivoire).", encoding="utf-8")
    ledger = tmp_path / "published.csv"
    assert output.main(tmp_path / "a.txt", ledger=ledger) == 0
    with ledger.open(encoding="utf-8", newline="") as file:
        rows = [(row["ref"], row["value"], row["value_kind"], row["states_named"]) for row in csv.DictReader(file)]
    assert rows == [("para 1", "2", "number", "Cuba; Cote d'Ivoire"), ("para 1", "2016-05-05", "date", "")]
    assert output.main(tmp_path / "a.txt", ledger=ledger) == 2


def test_the_day_of_a_draft_is_the_one_it_names_most(proof):
    assert (
        mentions.document_day(proof("1. On 1 May 2016 and 2 May 2016.\n\n2. On 2 May 2016.").quantities)
        == "2016-05-02"
    )


@pytest.mark.parametrize("word", RULES["synonyms"])
def test_a_synonym_is_a_word_as_it_is_cut_and_another_than_its_own(word):
    assert len(word) <= RULES["letters"] or word.startswith("article")
    assert stems(word) == frozenset({RULES["synonyms"][word]} - {""}) != {word}


def test_each_date_of_a_row_of_names_is_that_of_its_state_and_of_what_was_done(proof):
    assert told(proof("1. Two States joined: Cuba (6 April 2016) and Palau (19 April 2017).")) == {("para 1", "treaty_date")}
    assert told(proof("1. Two States have yet to ratify: Benin (3 December 2008) and Gambia (3 December 2008).")) == set()


def test_items_make_the_number_of_their_paragraph(proof):
    text = "1. Ten States Parties reported stocks:\n(a) Six States Parties have a plan;\n(b) {} States Parties have none."
    assert told(proof(text.format("Three"))) == {("para 1", "parts_sum")}
    assert told(proof(text.format("Four"))) == set()
