"""Published against computed: each figure that a report printed, beside the one the exports give."""

import re
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from ccmlib.figures.relations import ENGLISH, RELATIONS, Printed, tensions
from ccmlib.language.languages import Language

MATCHES, DIFFERS, NOT_ITEMISED = STATUSES = ("matches", "differs", "not itemised")

#: What a computed figure rests on, the weaker first; of several, what most of its rows rest on.
BASES = COMPLEMENT, SAME, ANOTHER, OTHER, TREATY, GIVEN = (
    "by complement, from the report's own numbers", "names that the report prints in the same paragraph",
    "names that the report prints in another paragraph", "another source than the report", "the treaty's dates",
    "set by the period or the action plan",
)
#: Kinds of what cannot be itemised.
KINDS = PRINTED_ONLY, A_ZERO, A_DATE = "printed only", "a zero", "a date or text"
_TREATY_TABLES = frozenset({"treaty_actions", "states"})
_REFS = re.compile(r"(paras?|Tables?)\s+([^;:]*)")
_NUMBER = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?\s*(?:\((\w)\))?")

COLUMNS = [
    "ref", "section", "statement", "figure_id", "published_value", "computed_value", "published_states", "computed_states",
    "status", "explanation", "basis", "tension",
]


def reconcile(published: pd.DataFrame, computed: dict[str, dict], name=str, places: dict | None = None,
              language: Language = ENGLISH) -> pd.DataFrame:
    """Set each published figure beside the computed one, values and lists of States both.

    Parameters
    ----------
    published : DataFrame
        Rows of the tidy table ``published_figures`` for one period.
    computed : dict of str to dict
        Figure records (as in section.json) by figure_id.
    name : callable
        Names a State from its ISO3 code, for the explanations.
    language : Language
        Of explanations and tensions; statuses and bases are keys.
    places : dict, optional
        Table and source of each row that a figure names, as `places` gives them; without them `basis` stays blank.

    Returns
    -------
    DataFrame
        One row per published figure, columns `COLUMNS`. `status` is ``matches``, ``differs`` (with the reason in words)
        or ``not itemised``: the report prints a number and neither it nor any export names what was counted.
        `basis` says what the computed figure rests on: a match with what rests on the report's own words proves little.
        `tension` says with which other printed figure or list it does not go together, though it may match.
    """
    printed = {key: rows for key, rows in published.groupby("figure_id")}
    tense = tensions(
        [
            Printed(row.Index, row.ref, row.figure_id, row.value, tuple(filter(None, row.states.split(";"))))
            for row in published.itertuples()
        ],
        computed,
        name,
        language,
    )
    records = []
    for row in published.itertuples():
        figure = computed.get(row.figure_id)
        record = _one(row, figure, printed[row.figure_id], name, language) | {"tension": "; ".join(tense.get(row.Index, ()))}
        record["basis"] = _basis(row, figure, record["status"], places or {})
        if record["status"] == DIFFERS:
            record["explanation"] += _other_part(row, figure, printed, computed, language)
        records.append(record)
    return pd.DataFrame(records, columns=COLUMNS)


def places(tables: dict[str, pd.DataFrame]) -> dict[str, tuple[str, str]]:
    """Give the table and the source of every row of tidy tables, by the row's place in the raw exports."""
    return {
        row: (name, source) for name, frame in tables.items() if {"row", "source"} <= set(frame)
        for row, source in zip(frame["row"], frame["source"].fillna(""), strict=True)
    }


def bases(result: pd.DataFrame) -> dict[str, int]:
    """Count the published figures that match by what their match rests on."""
    return dict(Counter(result.loc[result["status"] == MATCHES, "basis"]).most_common())


def summary(result: pd.DataFrame) -> dict[str, int]:
    """Count the published figures by status."""
    return {status: int((result["status"] == status).sum()) for status in STATUSES}


def _one(row, figure: dict | None, same_figure: pd.DataFrame, name, language: Language) -> dict:
    say = language.text
    published_states = row.states.split(";") if row.states else []
    record = {
        "ref": row.ref, "section": row.section, "statement": row.statement, "figure_id": row.figure_id,
        "published_value": row.value, "computed_value": "", "published_states": row.states, "computed_states": "",
    }
    elsewhere = _printed_elsewhere(row, same_figure, language)
    if figure is None or figure["value"] is None:
        reason = say("The report prints a number; neither it nor any export names what was counted.")
        return {**record, "status": NOT_ITEMISED, "explanation": f"{reason} {elsewhere}".strip()}
    shown = _as_printed(figure["value"], row)
    record |= {"computed_value": shown, "computed_states": ";".join(figure["states"])}
    only_printed = [iso3 for iso3 in published_states if iso3 not in figure["states"]]
    only_computed = [iso3 for iso3 in figure["states"] if published_states and iso3 not in published_states]
    same_value = shown == row.value or row.value == ""
    if same_value and not only_printed and not only_computed:
        return {**record, "status": MATCHES, "explanation": elsewhere}
    parts = [] if same_value else [
        say("The report prints {printed}; the rows give {computed}.").format(printed=row.value, computed=shown)]
    if only_printed:
        parts.append(say("Only the report names {states}.").format(states=language.join(list(map(name, only_printed)))))
    if only_computed:
        days = {iso3: f" ({day})" for iso3, day in figure.get("dates", {}).items()}
        named = [name(iso3) + days.get(iso3, "") for iso3 in only_computed]
        parts.append(say("Only the rows name {states}.").format(states=language.join(named)))
    parts += [figure.get("note", ""), elsewhere]
    return {**record, "status": DIFFERS, "explanation": " ".join(filter(None, parts))}


def _basis(row, figure: dict | None, status: str, places: dict) -> str:
    """Say what a computed figure rests on, or what kind of thing cannot be itemised."""
    if status == NOT_ITEMISED:
        return A_DATE if row.value_kind in ("date", "year") else A_ZERO if row.value == "0" else PRINTED_ONLY
    if not places:
        return ""
    rows = [places[place] for place in figure.get("rows", ()) if place in places]
    for pattern, table in RELATIONS["absent"].items():
        if re.search(pattern, row.figure_id):
            rows = [(name, source) for name, source in places.values() if name == table]
    if not rows:
        return A_ZERO if str(figure["value"]) == "0" else GIVEN
    kinds = Counter(_rests_on(*place, row.ref, getattr(row, "period", "")) for place in rows)
    order = (COMPLEMENT, SAME, ANOTHER, OTHER, TREATY)
    return max(kinds, key=lambda kind: (kinds[kind], -order.index(kind)))


def _rests_on(table: str, source: str, ref: str, period: str) -> str:
    """Say what one row rests on; a row that another source bears out too rests on that."""
    parts = [part.strip() for part in source.split(";")]
    own = [part for part in parts if part.startswith(f"{period} report") or _REFS.match(part)]
    if not own or len(own) < len(parts):
        return TREATY if table in _TREATY_TABLES else OTHER
    if any("by complement" in part for part in own):
        return COMPLEMENT
    return SAME if _place(ref) & {place for part in own for place in _cited(part)} else ANOTHER


def _place(ref: str) -> set[tuple[str, str, str]]:
    """Give a reference as kind, number and letter; one without a letter is any letter's."""
    return set(_cited(ref))


def _cited(text: str) -> Iterator[tuple[str, str, str]]:
    for kind, list_ in _REFS.findall(text):
        for first, last, letter in _NUMBER.findall(list_):
            for number in range(int(first), int(last or first) + 1):
                yield kind.rstrip("s"), str(number), letter


def _other_part(row, figure: dict, printed: dict, computed: dict, language: Language) -> str:
    """Say where the other part of a whole differs by as much the other way: something stands in the wrong part."""
    for relation in RELATIONS["sums"]:
        parts = relation["parts"]
        if relation.get("exact") and row.figure_id in parts and len(parts) == len("ab"):
            other = parts[1 - parts.index(row.figure_id)]
            ours = computed.get(other, {}).get("value")
            for part in printed[other].itertuples() if other in printed and ours is not None else ():
                both = part.value.isdigit() and row.value.isdigit()
                if both and int(part.value) - ours == figure["value"] - int(row.value) != 0:
                    told = language.text("The {value} of {place} differs by as much the other way.")
                    return " " + told.format(value=part.value, place=language.reference(part.ref))
    return ""


def _as_printed(value, row) -> str:
    """Write a computed value to the precision that the report printed: a year, a month or a day."""
    text = str(value)
    return text[: len(row.value)] if row.value_kind in ("date", "year") and row.value else text


def _printed_elsewhere(row, same_figure: pd.DataFrame, language: Language) -> str:
    """Say where the report prints another value for the same figure."""
    others = same_figure[(same_figure["value"] != row.value) & (same_figure["value"] != "") & (row.value != "")]
    if others.empty:
        return ""
    places = language.commas(language.text("{value} in {place}").format(value=value, place=language.reference(ref))
                             for value, ref in zip(others["value"], others["ref"], strict=True))
    return language.text("The report itself also prints {places}.").format(places=places)
