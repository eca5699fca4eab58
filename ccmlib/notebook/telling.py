"""The sentence of a figure: its number no more surely than it is known, its States, and what is not certain."""

from dataclasses import replace

import pandas as pd

from ccmlib.figures import sentences
from ccmlib.figures.figure import Figure
from ccmlib.language.languages import Language

#: More States than these are not listed in a sentence; the figure below it names them.
MOST_NAMED = 30


def said(figure: Figure, year: int | None, language: Language, dates: bool = True) -> tuple[list[sentences.Piece], Language]:
    """Write the sentence of a figure: its number no more surely than it is known, and its States."""
    says = figure.entry.says or {form: f"{{n}} {text}" for form, text in figure.entry.label.items()}
    spoken = language if language.has(says["many"]) else language.english
    lead, number = "", figure
    if figure.only_last_word:
        lead = spoken.text("By the last words, up to {day}, {sentence}")
        number = replace(figure, value=figure.last_word, states=figure.last)
    template = spoken.plural(says["one"], says["many"], number.value if number.greatest is None else number.greatest)
    template = template.replace("{n}", "{n:Words}" if template.startswith("{n}") and not lead else "{n:words}")
    if lead and template.startswith("The "):
        template = "t" + template[1:]
    if figure.named and len(figure.named) <= MOST_NAMED:
        if is_wide(figure):
            template = spoken.text("{sentence}, for certain").replace("{sentence}", template)
        template = spoken.after_colon(template, "{n:states_on}" if figure.dates and dates else "{n:states}")
    values = {"year": str(year), **figure.entry.fills, "n": number}
    pieces = sentences.compose(template + spoken.full_stop, values, spoken)
    if lead:
        before, after = lead.split("{sentence}")
        day = spoken.date(figure.known_to) if figure.known_to is not None else ""
        pieces = [sentences.Piece("text", before.replace("{day}", day)), *pieces, sentences.Piece("text", after)]
    return pieces, spoken


def doubt(figure: Figure, spoken: Language) -> list[sentences.Piece]:
    """Add what is not certain: the States that may count besides, and the one source that names States as late."""
    pieces = []
    if figure.value is None and figure.lower is not None and 0 < len(figure.possible) <= MOST_NAMED:
        pieces += sentences.compose(" " + spoken.text("The sources leave it open for {others:states}."),
                                    {"others": figure.possible}, spoken)
    alone = pd.DataFrame()
    if figure.entry.late and figure.named and figure.heard and "publishers" in figure.evidence:
        alone = figure.evidence.dropna(subset="publishers")
        alone = alone[alone["iso3"].isin(figure.named) & ~alone["publishers"].str.contains("; ")]
    if len(alone):
        names = list(dict.fromkeys(alone["publishers"]))
        told = spoken.text("Source: {publisher}, {day}.") if len(alone) == len(figure.named) else spoken.text(
            "For {count:words} of them there is one source only: {publisher}.")
        named = "; ".join(names)
        referred = spoken.reference(named)
        publisher = sentences.quoted(named, spoken) if referred == named else referred
        pieces += sentences.compose(" " + told, {
            "publisher": publisher, "day": max(figure.heard.values()), "count": len(alone)}, spoken)
    return pieces


def says_nothing(figure: Figure) -> bool:
    """Tell whether a figure is not known, or only within bounds that hold of almost any State."""
    if figure.value is not None or figure.lower:
        return False
    return figure.last_word is None if figure.upper is None else len(figure.possible) > MOST_NAMED


def is_wide(figure: Figure) -> bool:
    """Tell whether a figure's bounds lie so far apart that they say little of the world."""
    return figure.value is None and figure.lower is not None and figure.upper is not None and (
        figure.upper - figure.lower > max(3, figure.upper / 5))
