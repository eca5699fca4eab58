"""Blocks beside the findings: notes, questions for discussion, dates that fall due, tiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ccmlib.language.languages import Language
from ccmlib.pages.html_tables import cell_html
from ccmlib.pages.markup import ENGLISH, attributes, direction_of, escape, in_its_language, language_marks, state


def note(text: str, lang: str = "", kind: str = "note") -> str:
    """Show a remark; the page gathers those of a section in one box at its end.

    Parameters
    ----------
    text
        One or two sentences.
    lang
        Their language, when it differs from the page's.
    kind
        ``note``; ``no-rows`` for what the sources do not tell.
    """
    return f'<div class="{kind}" role="note"><p{language_marks(lang)}>{escape(text)}</p></div>'


def no_rows(text: str) -> str:
    """Say plainly that the sources have nothing for this part of the period."""
    return note(text, kind="no-rows")


def questions(items: Sequence[tuple[str, str]], lang: str = "") -> str:
    """List the questions for discussion, lettered (a), (b), ..."""
    lines = "".join(f"<li>{escape(text)}</li>" for _, text in items)
    return f'<ol class="questions" type="a"{language_marks(lang)}>{lines}</ol>' if items else ""


def owed(text: str, late: bool = False, lang: str = "") -> str:
    """Show what a State owes now in one line; in the colour of lateness where it is late for certain."""
    return f'<p class="owed{" late" if late else ""}"{language_marks(lang)}>{escape(text)}</p>'


def lines(rows: Sequence[Mapping[str, Any]], labels: Language = ENGLISH, timeline: bool = False) -> str:
    """List lines of a State's card (see :mod:`ccmlib.pages.state_cards`); empty text for none."""
    tag, kind = ("ol", "timeline") if timeline else ("ul", "lines")
    items = []
    for row in rows:
        on = row.get("on", "")
        day = f"<time{attributes(datetime=on)}>{escape(labels.value(on))}</time> " if on else ""
        text = f"<span{language_marks(row.get('lang', ''))}>{escape(row['text'])}</span>"
        marks = {"class_": row.get("kind"), "data_figure": row.get("figure_id"), "title": row.get("source")}
        items.append(f"<li{attributes(**marks)}>{day}{text}</li>")
    return f'<{tag} class="{kind}">{"".join(items)}</{tag}>' if items else ""


def falls_due(rows: Sequence[Mapping[str, Any]], labels: Language = ENGLISH) -> str:
    """List what falls due next."""
    lines = []
    for row in rows:
        who = state(row["name"], row["iso3"]) if row.get("iso3") else escape(row.get("name", ""))
        days = row.get("days")
        left = "" if days is None else (
            f' <span class="days">{labels.number(days)} {escape(labels.plural("day", "days", days))}</span>')
        lines.append(f'<li><span class="on">{cell_html(row["on"], labels)}</span> <span class="who">{who}</span> '
                     f'{in_its_language(row["what"], class_="what")}{left}</li>')
    return f'<div class="falls-due"><ul>{"".join(lines)}</ul></div>' if lines else ""


def tile(
    value: str, label: str, change: str = "", href: str = "", figure_id: str = "", mood: str = "", picture: str = ""
) -> str:
    """Show one figure at a glance."""
    name = "a" if href else "div"
    size = "value in-words" if any(map(str.isalpha, value)) else "value"
    lines = [f'<b{attributes(class_=size, data_figure=figure_id)}>{escape(value)}</b>',
             in_its_language(label, class_="label"), picture]
    if change:
        lines.append(f'<span class="change {direction_of(change)} {escape(mood)}">{escape(change)}</span>')
    return f'<{name}{attributes(class_="tile", href=href)}>{"".join(lines)}</{name}>'


def sparkline(values: Sequence[float | None], width: int = 120, height: int = 26) -> str:
    """Draw a series as a line without axes; the tile beside it says its last value, so it is hidden from screen readers."""
    known = [value for value in values if value is not None]
    if len(known) < 3:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1
    step = (width - 6) / (len(values) - 1)
    points = [None if value is None else f"{3 + k * step:.1f} {height - 4 - (height - 8) * (value - low) / span:.1f}"
              for k, value in enumerate(values)]
    path = "".join(f"{'L' if k and points[k - 1] else 'M'}{point}" for k, point in enumerate(points) if point)
    end = "" if not points[-1] else "<circle cx=\"{}\" cy=\"{}\" r=\"2.5\"/>".format(*points[-1].split())
    return (f'<svg class="spark" viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true">'
            f'<path d="{path}"/>{end}</svg>')
