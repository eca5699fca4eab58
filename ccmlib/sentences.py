"""Sentences with computed numbers: a template and its values become text, or HTML that links each number and State."""

from dataclasses import dataclass
from string import Formatter

import pandas as pd

from .figures import Figure
from .languages import Language


class MissingFigure(LookupError):
    """A sentence needs a figure that could not be computed for the period."""


@dataclass(frozen=True)
class Piece:
    """A part of a sentence: plain text, a figure's number (`key` is its figure_id) or a State (`key` is its ISO3)."""

    kind: str
    text: str
    key: str = ""


def compose(template: str, values: dict, language: Language) -> list[Piece]:
    """Fill a template, such as ``"{new:Words} States joined: {new:states}."``.

    Parameters
    ----------
    template : str
        Already translated. Fields name a value and a form: of a Figure none (digits), ``words``, ``Words``, ``states``
        or ``states_on`` (with their dates); of a number nothing, ``words`` or ``Words``; a date is written in full.
    values : dict
        Figures, numbers, dates, lists of ISO3 codes (form ``states``) or plain text, by name.

    Raises
    ------
    MissingFigure
        When a figure has no value.
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
        if value.value is None:
            raise MissingFigure(value.figure_id)
        if form in ("states", "states_on"):
            dates = value.dates if form == "states_on" else {}
            return _state_list(value.states, dates, language)
        return [Piece("number", _number(value.value, form, language), value.figure_id)]
    if isinstance(value, (list, tuple)):
        return _state_list(list(value), {}, language)
    if isinstance(value, str):
        return [Piece("text", value)]
    return [Piece("text", _number(value, form, language))]


def _number(value, form: str, language: Language) -> str:
    if isinstance(value, str):
        return language.date(value)
    if isinstance(value, pd.Timestamp):
        return str(value.year) if form == "year" else language.date(value)
    if form.lower() == "words":
        words = language.words(value)
        return words[0].upper() + words[1:] if form == "Words" else words
    return language.number(value)


def _state_list(states: list[str], dates: dict[str, pd.Timestamp], language: Language) -> list[Piece]:
    """Join State names as the language joins a list, each still its own piece."""
    if not states:
        return [Piece("text", language.text("none"))]
    marks = [f"\0{place}\0" for place in range(len(states))]
    pieces = []
    for part in language.join(marks).split("\0"):
        if part.isdecimal():
            iso3 = states[int(part)]
            pieces.append(Piece("state", language.state(iso3), iso3))
            if iso3 in dates:
                pieces.append(Piece("text", f" ({language.date(dates[iso3])})"))
        elif part:
            pieces.append(Piece("text", part))
    return pieces
