"""Messages and their translations: complete, with the same fields, and marked where they stay English."""

import re
from datetime import date
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from ccmlib.language import messages
from ccmlib.language.languages import CATALOGUES, LANGUAGES, Language, catalogue
from ccmlib.pages import translate

#: Languages that have every message they must have.
COMPLETE = ["fr", "es", "ru", "ar", "zh"]


@pytest.fixture(scope="module")
def found():
    return messages.find()


def fields(message):
    """List the fields of a template; a number in words may begin a sentence in one language only."""
    return sorted((name, (form or "").lower()) for _, name, form, _ in Formatter().parse(message) if name is not None)


@pytest.mark.parametrize("code", COMPLETE)
def test_no_message_lacks_a_translation(code):
    assert messages.missing(code) == []


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_translations_have_the_fields_of_their_messages(code):
    differing = {message: text for message, text in catalogue(code).items() if fields(message) != fields(text)}
    assert differing == {}


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_catalogues_hold_the_messages_found_and_no_others(code, found):
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        held = {message.id for message in read_po(file) if message.id}
    assert held == set(found), "run python -m ccmlib.language.messages"


def test_state_names_dates_and_numbers_are_french():
    french = Language("fr", {"DEU": "Germany", "XXX": "Elsewhere"}, {"DEU": "DE"})
    assert french.state("DEU") == "Allemagne"
    assert french.state("XXX") == "Elsewhere"
    assert french.date("2016-04") == "avril 2016"
    assert [french.date(date(2018, 8, day)) for day in (1, 11)] == ["1er août 2018", "11 août 2018"]
    assert french.number(1234.5) == "1\u202f234,5"
    assert french.words(21) == "vingt et un"
    assert french.text("States Parties") == "États parties"


def test_arabic_reads_from_right_to_left():
    assert [Language(code).direction for code in LANGUAGES] == ["ltr", "ltr", "ltr", "ltr", "rtl", "ltr"]


def test_text_cells_are_cut_into_blocks():
    cell = "## Charts\nOne line\nand another.\n\n- a\n- b\n\nLast."
    assert list(messages.cut(cell)) == [
        ("## ", "Charts", messages.HEADING),
        ("", "One line and another.", messages.SENTENCE),
        ("", "- a\n- b", messages.SENTENCE),
        ("", "Last.", messages.SENTENCE),
    ]


def test_text_cells_are_translated_and_what_stays_english_says_so():
    cell = "## Charts\n\nNo one translated this.\n\n### Nor this"
    assert translate.markdown(cell, Language("en")) == cell
    assert translate.markdown(cell, str) == cell
    assert translate.markdown(cell, Language("fr")).split("\n\n") == [
        "## Graphiques",
        '<div lang="en" dir="ltr">',
        "No one translated this.",
        "</div>",
        '### <span lang="en" dir="ltr">Nor this</span>',
    ]


def test_french_punctuation_has_its_no_break_spaces():
    fields_out = {message: re.sub(r"{[^}]*}", "X", text) for message, text in catalogue("fr").items()}
    bare = re.compile(r"""(?<!\xa0)[:;?!»%]|«(?!\xa0)|['"]""")
    assert {message: text for message, text in fields_out.items() if bare.search(text)} == {}


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_translations_use_the_quotation_marks_of_their_language(code):
    assert [text for text in catalogue(code).values() if '"' in text] == []


def test_arabic_has_its_own_comma_semicolon_and_question_mark():
    texts = [re.sub(r"{[^}]*}", "X", text) for text in catalogue("ar").values()]
    assert [text for text in texts if re.search(r"[,;?](?!\d)", text)] == []
