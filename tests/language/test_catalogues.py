"""Catalogues: every message, the same fields, the Convention's own terms, the punctuation of the language."""

import re
from functools import cache
from string import Formatter

import pytest
import yaml

from ccmlib.base.project import ROOT
from ccmlib.language import catalogue, messages
from ccmlib.language.catalogue import LANGUAGES
from ccmlib.language.languages import Language
from ccmlib.pages import exporter

TRANSLATED = LANGUAGES[1:]
GLOSSARY = yaml.safe_load((ROOT / "ccmlib/language/glossary.yml").read_text(encoding="utf-8"))


@cache
def pairs(code):
    """Give each message, as its singular, with each of its translations."""
    held = (message for message in catalogue.read(code) if message.id)
    return [(message.id if isinstance(message.id, str) else message.id[0], text)
            for message in held for text in catalogue.forms(message)]


def bare(text):
    return re.sub(r"{[^}]*}", "X", text)


def fields(message):
    """List the fields of a template; a number in words may begin a sentence in one language only."""
    return sorted((name, (form or "").lower()) for _, name, form, _ in Formatter().parse(message) if name is not None)


def breaches(code, told):
    """List the terms of the Convention that a translation does not use, or breaks."""
    return [
        (term["term"], message, text)
        for message, text in told
        for term in GLOSSARY
        if (re.search(rf"\b(?:{term['english']})", bare(message), re.IGNORECASE)
            and not re.search(term[code], text, re.IGNORECASE))
        or re.search(term.get("never", {}).get(code, "(?!)"), text)
    ]


@pytest.mark.release
@pytest.mark.parametrize("code", TRANSLATED)
def test_no_message_lacks_a_translation(code):
    assert messages.missing(code) == []


@pytest.mark.release
@pytest.mark.parametrize("code", TRANSLATED)
def test_catalogues_hold_the_messages_found_and_no_others(code):
    held = {message.id for message in catalogue.read(code) if message.id}
    assert held == set(messages.find()), "run python -m ccmlib.language.messages"


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_have_the_fields_of_their_messages(code):
    assert [pair for pair in pairs(code) if fields(pair[0]) != fields(pair[1])] == []


def test_a_lost_and_a_doubled_field_are_seen():
    assert fields("{n} of {m}") != fields("{n}")
    assert fields("{n}") != fields("{n} {n}")
    assert fields("{n:Words} of {m}") == fields("de {m}, {n:words}")


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_use_the_terms_of_the_convention(code):
    assert breaches(code, pairs(code)) == []


def test_glossary_sees_a_term_that_is_not_the_conventions():
    assert [term for term, *_ in breaches("es", [("Stockpile destruction", "Destrucción de existencias")])] == \
        ["stockpile destruction"]
    assert breaches("fr", [("cluster munition remnants", "restes d’armes à sous-munitions")]) == []
    assert [term for term, *_ in breaches("es", [("new", "nuevos Estados partes")])] == ["State Party"]


@pytest.mark.parametrize("term", GLOSSARY, ids=lambda term: term["term"])
def test_glossary_has_each_term_in_all_languages_and_its_source(term):
    assert {"english", "source", *TRANSLATED} <= set(term)
    assert re.search(term["english"], term["term"], re.IGNORECASE)


def test_french_says_no_longer_so_that_it_cannot_be_read_as_more():
    negated = re.compile(r"\bn(?:e |’)(?:(?!\bplus\b).)*\bplus\b")
    told = [text for message, text in pairs("fr") if "no longer" in message]
    assert [text for text in told if re.search(r"\bplus\b", negated.sub("", text))] == []


def test_french_punctuation_has_its_no_break_spaces():
    wrong = re.compile(r"""(?<!\xa0)[:;?!»%]|«(?!\xa0)|['"]""")
    assert [text for _, text in pairs("fr") if wrong.search(bare(text))] == []


def test_no_russian_date_ends_a_sentence_because_its_own_abbreviation_does():
    assert Language("ru").date("2016-06-30").endswith("г.")
    ends = re.compile(r"{(\w*day|due|deadline|until|start|end|\w+_on)}\.(\s|$)")
    assert [text for _, text in pairs("ru") if ends.search(text)] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_use_the_quotation_marks_of_their_language(code):
    assert [text for _, text in pairs(code) if '"' in text] == []


def test_arabic_has_its_own_comma_semicolon_and_question_mark():
    assert [text for _, text in pairs("ar") if re.search(r"[,;?](?!\d)", bare(text))] == []


def test_chinese_has_full_width_marks():
    wrong = re.compile(r"[\u4e00-\u9fff}][,;:?!]|[,;:?!][\u4e00-\u9fff{]|[\u4e00-\u9fff]\((?=.*[\u4e00-\u9fff]\))")
    assert [text for _, text in pairs("zh") if wrong.search(text)] == []


def test_text_cells_are_cut_into_blocks():
    cell = "## Charts\nOne line\nand another.\n\n- a\n- b\n\nLast."
    assert list(messages.cut(cell)) == [
        ("## ", "Charts"),
        ("", "One line and another."),
        ("", "- a\n- b"),
        ("", "Last."),
    ]


def test_text_cells_are_translated_and_what_stays_english_says_so():
    cell = "## Obligations and deadlines\n\nNo one translated this.\n\n### Nor this"
    assert exporter.translated(cell, Language("en")) == cell
    assert exporter.translated(cell, Language("fr")).split("\n\n") == [
        "## Obligations et délais",
        '<div lang="en" dir="ltr">',
        "No one translated this.",
        "</div>",
        '### <span lang="en" dir="ltr">Nor this</span>',
    ]
