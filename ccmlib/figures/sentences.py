"""Sentences with computed numbers: a template and its values become text, or HTML that links each number and State."""

from dataclasses import dataclass
from string import Formatter

import pandas as pd

from ccmlib.figures.figure import Figure
from ccmlib.language.languages import Language, capital


@dataclass(frozen=True)
class Piece:
    """A part of a sentence.

    Attributes
    ----------
    kind : str
        ``text`` of the template, ``value`` in words, a figure's ``number`` or a ``state``.
    text : str
        As it is read.
    key : str
        figure_id of a number, ISO3 of a State.
    """

    kind: str
    text: str
    key: str = ""


class Said(str):
    """A text for a reader that knows its language.

    Attributes
    ----------
    lang : str
        ``en`` for a sentence that stays English on a page in another language; otherwise nothing.
    """

    lang = ""


def say(template: str, values: dict, language: Language) -> Said:
    """Fill a template of `compose` as plain text, in English as a whole where it has no translation."""
    text, spoken = language.speaking(template)
    said = Said(plain(compose(text, _in(spoken, language, values), spoken)))
    said.lang = language_mark(spoken, language)
    return said


def label(text: str, language: Language) -> Said:
    """Translate a label; one that names something in English, such as a meeting, says that it is English."""
    if isinstance(text, Said):
        return text
    known = language.has(text) or language.is_translated(text)
    return Said(language.text(text)) if known else quoted(text, language)


def quoted(text: str, language: Language) -> Said:
    """Give a text in the words of a source, which are English."""
    said = Said(text)
    said.lang = language_mark(language.english, language)
    return said


def labels(texts: list, language: Language) -> list:
    """Translate the notes of a table as `label` does: texts, or a text by the name of its column."""
    return [
        {name: label(text, language) for name, text in entry.items()} if isinstance(entry, dict)
        else label(entry, language) for entry in texts
    ]


def fields(template: str) -> list[str]:
    """Name the values that a template uses."""
    return [name for _, name, _, _ in Formatter().parse(template) if name is not None]


def compose_for(template: str, values: dict, language: Language) -> tuple[list[Piece], str]:
    """Fill a template of `compose` in the page's language or in English; give its pieces and their language mark."""
    text, spoken = language.speaking(template)
    return compose(text, _in(spoken, language, values), spoken), language_mark(spoken, language)


def language_mark(spoken: Language, page: Language) -> str:
    """Name the language of a text where it is not the page's."""
    return "" if spoken.code == page.code else spoken.code


def _in(spoken: Language, page: Language, values: dict) -> dict:
    """Give texts among the values that were translated for the page back their English."""
    if spoken is page:
        return values
    return {name: page.original(value) if isinstance(value, str) else value for name, value in values.items()}


def compose(template: str, values: dict, language: Language) -> list[Piece]:
    """Fill a template, such as ``"{new:Words} States joined: {new:states}."``.

    Parameters
    ----------
    template : str
        Already translated. Fields name a value and a form: of a Figure none (digits), ``words``, ``Words``, ``states``
        or ``states_on`` (with their dates); of a number nothing, ``words`` or ``Words``; a date is written in full. A figure
        that is not certain is written with its doubt: "between 3 and 5", "at least 3", "3 by the last word (14 August 2022)".
    values : dict
        Figures, numbers, dates, lists of ISO3 codes (form ``states``), lists of labels to translate (form ``labels``)
        or plain text, by name.
    """
    pieces = []
    for literal, name, form, _ in Formatter().parse(template):
        if literal:
            pieces.append(Piece("text", literal))
        if name is not None:
            pieces.extend(_pieces(values[name], form or "", language))
    return pieces


def plain(pieces: list[Piece]) -> str:
    """Give the sentence as text."""
    return "".join(piece.text for piece in pieces)


def states_in(pieces: list[Piece]) -> list[str]:
    """Give the ISO3 codes of the States a sentence names, in order."""
    return list(dict.fromkeys(piece.key for piece in pieces if piece.kind == "state"))


def _pieces(value, form: str, language: Language) -> list[Piece]:
    if isinstance(value, Figure):
        if not value.known:
            return [Piece("text", language.text("not known"))]
        if form in ("states", "states_on"):
            return _state_list(value.named, value.dates if form == "states_on" else {}, language)
        return [Piece("number", said(value, form, language), value.figure_id)]
    if form == "labels":
        return [Piece("value", language.join([language.text(text) for text in value]))]
    if isinstance(value, (list, tuple)):
        return _state_list(list(value), {}, language)
    if isinstance(value, str):
        return [Piece("value", value)]
    return [Piece("text", _number(value, form, language))]


def said(figure: Figure, form: str, language: Language) -> str:
    """Write a figure's number no more surely than it is known; in words where `form` is ``words`` or ``Words``."""
    if figure.value is not None:
        return _number(figure.value, form, language)
    if figure.entry.late and not figure.lower and figure.upper is None and figure.last_word is None:
        return language.text("not known")
    # A lower bound says more than a last word; only where there is none does the last word stand.
    last = figure.last_word if figure.lower is None or (figure.lower == 0 and figure.upper is None) else None
    text = language.said(None, figure.lower, last, figure.upper, figure.known_to)
    return capital(text) if form == "Words" else text


def _number(value, form: str, language: Language) -> str:
    if isinstance(value, str):
        return language.date(value)
    if isinstance(value, pd.Timestamp):
        return str(value.year) if form == "year" else language.date(value)
    if form.lower() == "words":
        words = language.words(value, 1000 if form == "Words" else 100)  # no sentence begins with digits
        return capital(words) if form == "Words" else words
    return language.number(value)


def _state_list(states: list[str], dates: dict[str, pd.Timestamp], language: Language) -> list[Piece]:
    """Join State names as the language joins a list, each still its own piece."""
    if not states:
        return [Piece("text", language.text("none"))]
    states = language.alphabetical(states)
    marks = [f"\0{place}\0" for place in range(len(states))]
    pieces = []
    for part in language.join(marks).split("\0"):
        if part.isdecimal():
            iso3 = states[int(part)]
            pieces.append(Piece("state", language.state(iso3), iso3))
            if iso3 in dates:
                pieces.append(Piece("text", language.bracketed(day_text(dates[iso3], language))))
        elif part:
            pieces.append(Piece("text", part))
    return pieces


def day_text(day: pd.Timestamp | str, language: Language) -> str:
    """Write a State's day as exactly as it is known: a day, ``2018-07``, ``2019``, ``by 2016-06-30``."""
    return language.date(day)
