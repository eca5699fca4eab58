"""Blocks beside the findings: notes, questions for discussion, dates that fall due, tiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ccmlib.pages.markup import attributes, direction_of, escape, language_marks, state
from ccmlib.pages.tables import cell_html

Labels = Callable[[str], str]


def no_rows(text: str, lang: str = "") -> str:
    """
    Say plainly that the exports have nothing for this part of the period.

    Parameters
    ----------
    text
        One sentence.
    lang
        Its language, when it differs from the page's.

    Returns
    -------
    str
        A block marked as a note.
    """
    return f'<div class="no-rows" role="note"><p{language_marks(lang)}>{escape(text)}</p></div>'


def note(text: str, lang: str = "") -> str:
    """
    Show a remark beside the findings.

    Parameters
    ----------
    text
        One or two sentences.
    lang
        Their language, when it differs from the page's.

    Returns
    -------
    str
        A block marked as a note.
    """
    return f'<div class="note" role="note"><p{language_marks(lang)}>{escape(text)}</p></div>'


def warning(text: str) -> str:
    """
    Show a remark that a reader must not miss.

    Parameters
    ----------
    text
        One or two sentences.

    Returns
    -------
    str
        A block marked as a note, with a strong edge.
    """
    return f'<div class="note warning" role="note"><p>{escape(text)}</p></div>'


def questions(items: Sequence[tuple[str, str]], lang: str = "") -> str:
    """
    List the questions for discussion, with their letters.

    Parameters
    ----------
    items
        Pairs of letter and text.
    lang
        Language of the texts, when it differs from the page's.

    Returns
    -------
    str
        An ordered list; empty text for no question.
    """
    if not items:
        return ""
    lines = "".join(f"<li>{escape(text)}</li>" for _, text in items)
    return f'<ol class="questions" type="a"{language_marks(lang)}>{lines}</ol>'


def falls_due(rows: Sequence[Mapping[str, Any]], labels: Labels = str) -> str:
    """
    List what falls due next.

    Parameters
    ----------
    rows
        Mappings with ``on`` (date or text), ``name``, ``iso3``, ``what`` and, if known, ``days``
        left, in the order in which to show them.
    labels
        Translates fixed words.

    Returns
    -------
    str
        A list of dates; empty text for none.
    """
    lines = []
    for row in rows:
        who = state(row["name"], row["iso3"]) if row.get("iso3") else escape(row.get("name", ""))
        days = row.get("days")
        left = f' <span class="days">{escape(days)} {escape(labels("days"))}</span>' \
            if days is not None else ""
        lines.append(
            f'<li><span class="on">{cell_html(row["on"], labels)}</span> <span class="who">{who}</span> '
            f'<span class="what">{escape(row["what"])}</span>{left}</li>'
        )
    return f'<div class="falls-due"><ul>{"".join(lines)}</ul></div>' if lines else ""


def tile(value: str, label: str, change: str = "", href: str = "", detail: str = "",
         mood: str = "") -> str:
    """
    Show one figure at a glance.

    Parameters
    ----------
    value
        Value as text.
    label
        What is counted.
    change
        Change since the period before, in words.
    href
        Where the figure is explained.
    detail
        Small print, such as the section.
    mood
        ``good`` or ``bad`` colours the change; the sign says the same without colour.

    Returns
    -------
    str
        A link or, without ``href``, a block.
    """
    name = "a" if href else "div"
    direction = direction_of(change)
    lines = [f'<b class="value">{escape(value)}</b>', f'<span class="label">{escape(label)}</span>']
    if change:
        lines.append(f'<span class="change {direction} {escape(mood)}">{escape(change)}</span>')
    if detail:
        lines.append(f'<span class="detail">{escape(detail)}</span>')
    return f'<{name}{attributes(class_="tile", href=href)}>{"".join(lines)}</{name}>'
