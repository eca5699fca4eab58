"""Finding the texts of notebooks, library and YAML, and keeping them in gettext files."""

import ast

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from ccmlib.language import catalogue, messages

NOTEBOOK = '''
section.finding("one", f"{n} and {s.language.text('more')}", 3)
section.finding("One {x}." if kind == "No text" else "Many {x}.", none="None.")
section.chart(fig, title="Chart", columns={"iso3": "State", "unit": "unit"})
for word in ("Some phrase", "column_name", "%Y", "a == b"): ax.legend(loc="upper left")
kinds = {"given": "given_by"}
'''
LIBRARY = '''
YEARS = 5
REASONS = {"a": f"none in {YEARS} years", "b": "none at all"}
HIDDEN = {"a": "not shown"}
labels("Shown"); language.plural("one report", "reports", n); other("not this")
'''


def test_texts_of_a_notebook():
    found = set(messages.in_notebook(ast.parse(NOTEBOOK)))
    assert found == {"more", "One {x}.", "Many {x}.", "None.", "Chart", "State", "unit", "Some phrase", "given"}


def test_texts_of_the_library():
    found = set(messages.in_library(ast.parse(LIBRARY)))
    assert found == {"none in 5 years", "none at all", "Shown", ("one report", "reports")}


def test_texts_of_yaml_with_plurals():
    figure = {"one": "State Party", "many": "States Parties", "unit": "States", "definition": "Who has."}
    content = {"art3_open": figure, "other": [{"label": "Label", "where": "art3_open"}]}
    assert list(messages.in_yaml(content)) == [("State Party", "States Parties"), "States Parties", "Who has.", "Label"]


def write(path, code, **translations):
    catalog = Catalog(locale=code, header_comment="# Reviewed by:" + translations.pop("reviewer", ""))
    for message, text in translations.pop("texts").items():
        catalog.add(message, text)
    with path.open("wb") as file:
        write_po(file, catalog)
    return catalogue.load(code, path)


def test_a_catalogue_tells_its_reviewer_and_its_share(tmp_path):
    texts = {"a": "x", "b": "", ("one", "many"): ("odin", "dva", "")}
    read = write(tmp_path / "ru.po", "ru", texts=texts)
    assert (read.reviewer, read.share, read.texts) == ("", 1 / 3, {"a": "x"})
    texts = {("one", "many"): ("odin", "dva", "pyat"), "many": "mnogo", ("{n} is", "{n} are"): ("1", "2", "5")}
    assert write(tmp_path / "3.po", "ru", texts=texts).texts == \
        {"one": "odin", "many": "mnogo", "{n} is": "1", "{n} are": "5"}
    assert write(tmp_path / "2.po", "ru", texts={"a": "x"}, reviewer=" A. Reader, 2026").reviewer == "A. Reader, 2026"


def test_a_fuzzy_translation_does_not_count(tmp_path):
    (tmp_path / "fr.po").write_text('#, fuzzy\nmsgid "a"\nmsgstr "x"\n\nmsgid "b"\nmsgstr "y"\n', encoding="utf-8")
    assert catalogue.load("fr", tmp_path / "fr.po").texts == {"b": "y"}


def test_the_tool_keeps_translations_drops_what_is_gone_and_is_at_rest(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "LANGUAGES", ("en", "fr"))
    monkeypatch.setattr(messages, "path_of", lambda code: tmp_path / f"{code}.po")
    monkeypatch.setattr(messages, "read", lambda code: catalogue.read(code, tmp_path / f"{code}.po"))
    monkeypatch.setattr(messages, "load", lambda code: catalogue.load(code, tmp_path / f"{code}.po"))
    monkeypatch.setattr(messages, "find", lambda: {"Kept {x}": {"a.py"}, "New": {"b.py"}, ("one", "many"): {"c.yml"}})
    write(tmp_path / "fr.po", "fr", texts={"Kept {x}": "Gardé {x}", "Gone": "Parti"}, reviewer=" A. Reader")
    messages.update()
    first = (tmp_path / "fr.po").read_text(encoding="utf-8")
    with (tmp_path / "fr.po").open("rb") as file:
        held = {message.id: message.string for message in read_po(file) if message.id}
    assert held == {"Kept {x}": "Gardé {x}", "New": "", ("one", "many"): ("", "")}
    assert "# Reviewed by: A. Reader\n" in first
    assert "Plural-Forms: nplurals=2" in first
    assert "msgid_plural" in first
    messages.update()
    assert (tmp_path / "fr.po").read_text(encoding="utf-8") == first


@pytest.mark.parametrize("code", catalogue.LANGUAGES[1:])
def test_catalogues_are_gettext_files_with_the_plurals_of_their_language(code):
    forms = {"fr": 2, "es": 2, "ru": 3, "ar": 6, "zh": 1}
    text = catalogue.path_of(code).read_text(encoding="utf-8")
    assert f"Plural-Forms: nplurals={forms[code]}" in text
    assert f"Language: {code}" in text
