"""How sentences of a section become paragraphs of the document: those of one subject together, no thing said twice."""

import re
from itertools import groupby

from ccmlib.language.languages import Language

#: Characters that a paragraph of several sentences holds at most.
LONGEST = 700
#: Sentences of one kind from which on they are a lettered list.
LIST = 3


def bundled(findings: list[dict], figures: dict[str, dict], activities: list[dict]) -> list[tuple[str, list[dict]]]:
    """Put findings into paragraphs and lettered lists, in their order.

    Findings of one cell of a notebook are of one subject. Those that say nothing but what the list of activities says in
    full are left out. Three or more on the same thing, year by year, are a list.

    Parameters
    ----------
    findings : list of dict
        As in section.json.
    figures : dict of str to dict
        The section's figures by figure_id.
    activities : list of dict
        The activities that are listed: their ``row``.

    Returns
    -------
    list of tuple
        ``paragraph`` or ``list``, and its findings.
    """
    listed = {activity["row"] for activity in activities}
    kept = [finding for finding in findings if not _in_list(finding, figures, listed)]
    made: list[tuple[str, list[dict]]] = []
    for _, subject in groupby(kept, key=lambda finding: finding.get("cell", finding["id"])):
        for _, alike in groupby(subject, key=_series):
            alike = list(alike)
            if len(alike) >= LIST and _series(alike[0]):
                made.append(("list", alike))
                continue
            for finding in alike:
                room = made and made[-1][0] == "paragraph" and made[-1][1][0].get("cell") == finding.get("cell") is not None
                if room and sum(len(said["text"]) for said in made[-1][1]) + len(finding["text"]) <= LONGEST:
                    made[-1][1].append(finding)
                else:
                    made.append(("paragraph", [finding]))
    return made


def told(activities: list[dict]) -> list[str]:
    """Tell activities in paragraphs: those that answer one action of the plan together, the others after them."""
    order = list(dict.fromkeys(activity["action"] for activity in activities))
    made: list[str] = []
    for action in sorted(order, key=lambda action: (not action, action)):
        for place, activity in enumerate(one for one in activities if one["action"] == action):
            text = activity["text"]
            if place and len(made[-1]) + len(text) <= LONGEST:
                made[-1] += f" {text}"
            else:
                made.append(f"{action}, {text[0].lower()}{text[1:]}" if action and not place else text)
    return made


def without_names(finding: dict, language: Language) -> str:
    """Give a finding's first sentence without the States it lists; of one that names none, all of it."""
    if not finding.get("states"):
        return finding["text"]
    first = finding["text"].split(f"{language.full_stop} ")[0].removesuffix(language.full_stop)
    first = first.partition(language.after_colon("", ""))[0]
    return first.removesuffix(language.text("{sentence}, for certain").removeprefix("{sentence}")) + language.full_stop


def _in_list(finding: dict, figures: dict[str, dict], listed: set[str]) -> bool:
    rows = [row for key in finding["figures"] for row in figures.get(key, {}).get("rows", ["?"])]
    return bool(rows) and set(rows) <= listed


def _series(finding: dict) -> str:
    """Name what a finding says year by year; nothing where its figure has no year."""
    figure_ids = finding["figures"]
    return re.sub(r"\d{4}", "#", figure_ids[0]) if len(figure_ids) == 1 and re.search(r"\d{4}", figure_ids[0]) else ""
