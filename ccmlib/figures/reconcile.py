"""Published against computed: each figure that a report printed, beside the one that the records give."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

import pandas as pd

from ccmlib.figures.causes import Ledger, find, only_in
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

#: Figures that no section tells and the explanations need.
WHOLES = ("un_members",)
COLUMNS = [
    "ref", "section", "statement", "figure_id", "published_value", "computed_value", "published_states", "computed_states",
    "status", "explanation", "basis", "tension",
]


def reconcile(published: pd.DataFrame, computed: dict[str, dict], name=str, places: pd.DataFrame | None = None,
              language: Language = ENGLISH, days: pd.DataFrame | None = None) -> pd.DataFrame:
    """Set each published figure beside the computed one, values and lists of States both.

    Parameters
    ----------
    published : DataFrame
        Rows of the tidy table ``published_figures`` for one period.
    computed : dict of str to dict
        Figure records (as in section.json) by figure_id; those of `WHOLES` too, which no section tells.
    name, days : callable, DataFrame
        Names a State from its ISO3 code; treaty dates by ISO3. For the explanations.
    places : DataFrame, optional
        The records that figures rest on, as `places` gives them; without them `basis` stays blank.
    language : Language
        Of explanations and tensions; statuses and bases are keys.

    Returns
    -------
    DataFrame
        One row per published figure, columns `COLUMNS`. `status` is ``matches``, ``differs`` (with the reason in words)
        or ``not itemised``: the report prints a number, and what the records tell neither gives nor contradicts it.
        `basis` says what the computed figure rests on: a match with what rests on the report's own words proves little.
        `tension` says with which other printed figure or list it does not go together, though it may match.
    """
    rows = [] if places is None else list(places.itertuples())
    ledger = Ledger({key: list(part.itertuples()) for key, part in published.groupby("figure_id")}, {**computed}, name,
                    pd.DataFrame() if days is None else days, defaultdict(list), language)
    for one in rows:
        ledger.sources[one.iso3].append((one.row, one.source))
    derived = dict(_reminded(ledger))
    ledger.computed.update(derived)
    tense = tensions([Printed(row.Index, row.ref, row.figure_id, row.value, tuple(filter(None, row.states.split(";"))))
                      for row in published.itertuples()], computed, name, language)
    records = []
    for row in published.itertuples():
        record = _one(row, ledger)
        if row.figure_id in derived and record["status"] == MATCHES:  # no section says how it comes about
            record["explanation"] = derived[row.figure_id]["note"]
        records.append({
            "ref": row.ref, "section": row.section, "statement": row.statement, "figure_id": row.figure_id,
            "published_value": row.value, "published_states": row.states, "tension": "; ".join(tense.get(row.Index, ())),
            "basis": _basis(row, ledger.computed.get(row.figure_id), record["status"], rows), **record})
    return pd.DataFrame(records, columns=COLUMNS)


def places(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Give the records of tidy tables: table, row (its place in the raw exports), source and iso3."""
    return pd.concat([frame.reindex(columns=["row", "source", "iso3"]).astype("object").fillna("").assign(table=name)
                      for name, frame in tables.items() if {"row", "source"} <= set(frame)], ignore_index=True)


def bases(result: pd.DataFrame) -> dict[str, int]:
    """Count the published figures that match by what their match rests on."""
    return dict(Counter(result.loc[result["status"] == MATCHES, "basis"]).most_common())


def _one(row, ledger: Ledger) -> dict:
    """Compare one printed figure with the computed one: computed_value, computed_states, status, explanation."""
    figure, say = ledger.computed.get(row.figure_id), ledger.language.text
    value, states, note = ((figure or {}).get(key) for key in ("value", "states", "note"))
    named, elsewhere = row.states.split(";") if row.states else [], _printed_elsewhere(row, ledger)
    only_printed = [iso3 for iso3 in named if iso3 not in (states or ())]
    if value is None:
        lower, upper = ((figure or {}).get(bound) for bound in ("lower", "upper"))
        number = int(row.value) if row.value.isdigit() and row.value_kind == "number" else None
        outside = number is not None and (number < (lower or 0) or (upper is not None and number > upper))
        parts = [say("The report prints {printed}; no record holds it.").format(printed=row.value)]
        if lower is not None or upper is not None:
            parts = [say("The report prints {printed}; the records leave it open: {bounds}.").format(
                printed=row.value, bounds=ledger.language.said(None, lower or None, None, upper))]
        if outside and figure.get("last_word") not in (None, lower):
            parts.append(say("What had been said up to then makes {number}.").format(number=figure["last_word"]))
        if states:
            parts += only_in(only_printed, [], row, ledger)
        elif named:
            parts.append(say("The report names {states}.").format(states=ledger.names(named)))
        parts += [note, *(find(row, ledger) if figure else ()), elsewhere]
        return {"computed_value": "", "computed_states": "", "status": DIFFERS if outside else NOT_ITEMISED,
                "explanation": " ".join(filter(None, parts))}
    shown = str(value)
    if row.value_kind in ("date", "year") and row.value:  # to the precision that the report printed
        shown = shown[: len(row.value)]
    only_computed = [iso3 for iso3 in states if named and iso3 not in named]
    same = row.value in ("", shown) and not only_printed and not only_computed
    parts = [elsewhere] if same else [
        *only_in(only_printed, only_computed, row, ledger), note, elsewhere, *find(row, ledger)]
    if row.value not in ("", shown):
        parts.insert(0, say("The report prints {printed}; the rows give {computed}.").format(printed=row.value, computed=shown))
    return {"computed_value": shown, "computed_states": ";".join(states), "status": MATCHES if same else DIFFERS,
            "explanation": " ".join(filter(None, parts))}


def _reminded(ledger: Ledger) -> Iterator[tuple[str, dict]]:
    """Count who was late when reminded: those that then submitted, and those late to the last whose day had come by then.

    Those that then submitted were late when reminded, so the day of each had come: the latest of their days is asked about.
    """
    for relation in RELATIONS["reminded"]:
        came = [iso3 for row in ledger.printed.get(relation["came"], []) for iso3 in row.states.split(";") if iso3]
        late, day = ledger.computed.get(relation["late"]), relation["day"]
        if came and late and day in ledger.days:
            due = ledger.days[day]
            last = max(came, key=lambda iso3: due[iso3])
            still = [iso3 for iso3 in late["states"] if due[iso3] <= due[last]]
            number = len(still) + len(came)
            note = ledger.language.text(
                "{state} was reminded after {day}, when its report had fallen due. By then the day of {still} of the {late} "
                "still late had come; {still} + {came} make {number}.").format(
                state=ledger.name(last), day=ledger.language.date(due[last]), still=len(still), late=len(late["states"]),
                came=len(came), number=number)
            yield relation["reminded"], {"value": number, "states": [], "rows": late.get("rows", []), "note": note}


def _basis(row, figure: dict | None, status: str, places: list) -> str:
    """Say what a computed figure rests on, or what kind of thing cannot be itemised."""
    if status == NOT_ITEMISED:
        return A_DATE if row.value_kind in ("date", "year") else A_ZERO if row.value == "0" else PRINTED_ONLY
    if not places:
        return ""
    own = set(figure.get("rows", ()))
    absent = [table for pattern, table in RELATIONS["absent"].items() if re.search(pattern, row.figure_id)]
    rows = [place for place in places if (place.table in absent if absent else place.row in own)]
    if not rows:
        return A_ZERO if str(figure["value"]) == "0" else GIVEN
    kinds = Counter(_rests_on(place.table, place.source, row.ref, getattr(row, "period", "")) for place in rows)
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
    return SAME if {*_cited(ref)} & {place for part in own for place in _cited(part)} else ANOTHER


def _cited(text: str) -> Iterator[tuple[str, str, str]]:
    """Give the references of a text, each as kind, number and letter."""
    for kind, list_ in _REFS.findall(text):
        for first, last, letter in _NUMBER.findall(list_):
            for number in range(int(first), int(last or first) + 1):
                yield kind.rstrip("s"), str(number), letter


def _printed_elsewhere(row, ledger: Ledger) -> str:
    """Say where the report prints another value for the same figure."""
    say = ledger.language.text
    others = [say("{value} in {place}").format(value=other.value, place=ledger.language.reference(other.ref))
              for other in ledger.printed[row.figure_id] if row.value and other.value not in ("", row.value)]
    return say("The report itself also prints {places}.").format(places=ledger.language.commas(others)) if others else ""
