"""
What the report says of one State: the card that "find your State" opens.

Cards are read from ``state_cards.json`` in the folder in which a report is made, a list of::

    {"iso3": "URY", "names": [other spellings], "status": "State Party", "since": "2009-09-24",
     "first_line": "Owes its annual report for 2015, due on 30 April 2016.", "late": True, "lang": "en" or absent,
     "obligations": [line, ...], ... as in `PARTS`, "files": [{"href": "../briefs/6MSP/URY.html", "text": "Brief"}, ...]}

A line is ``{"text": ..., "on": "2016-04-30", "kind": "done" | "open" | "late" | "due", "figure_id": ..., "source": ...,
"lang": "en" where the text stays English}``; all but its text may be absent. Texts are in the language of the report.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ccmlib.language.languages import sorting_key
from ccmlib.pages.context import PageContext
from ccmlib.pages.fragments import lines

FILE = "state_cards.json"
#: Lists of a card, in the order in which they are shown, and their headings.
PARTS = {
    "next": "What comes next", "obligations": "Obligations and deadlines", "reports": "Transparency reports",
    "cooperation": "Assistance asked for, given and received", "law": "National law", "votes": "Votes",
    "timeline": "Timeline",
}


def _by_name(names: Mapping[str, str], context: PageContext) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda pair: sorting_key(pair[1], context.labels.code))


def find_list(context: PageContext) -> list[tuple[str, str, str]]:
    """List code, name and other spellings (separated by ``|``) of the States that can be found, by name."""
    return [(iso3, name, "|".join(context.spellings.get(iso3, ()))) for iso3, name in _by_name(context.states, context)]


def read(stage: Path) -> list[dict[str, Any]]:
    """Read the cards of a report that is being made; none where none were written."""
    path = stage / FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def of_report(
    context: PageContext, made: Sequence[Mapping[str, Any]], mentions: Mapping[str, Mapping[str, list[dict[str, Any]]]]
) -> list[dict[str, Any]]:
    """List ``iso3``, ``name``, ``card``, its ``parts`` (heading and HTML) and the ``mentions`` of each State, by name."""
    cards = {card["iso3"]: card for card in made}
    names = {iso3: context.states.get(iso3, iso3) for iso3 in {*cards, *mentions}}
    return [
        {"iso3": iso3, "name": name, "card": (card := cards.get(iso3)), "mentions": mentions.get(iso3, {}),
         "parts": [(heading, html) for key, heading in PARTS.items()
                   if card and (html := lines(card.get(key, ()), context.labels, key == "timeline"))]}
        for iso3, name in _by_name(names, context)
    ]
