"""Published against computed: each figure that a report printed, beside the one the exports give."""

import pandas as pd

MATCHES, DIFFERS, NOT_ITEMISED = STATUSES = ("matches", "differs", "not itemised")

COLUMNS = [
    "ref",
    "section",
    "statement",
    "figure_id",
    "published_value",
    "computed_value",
    "published_states",
    "computed_states",
    "status",
    "explanation",
]


def reconcile(published: pd.DataFrame, computed: dict[str, dict], name=str) -> pd.DataFrame:
    """Set each published figure beside the computed one, values and lists of States both.

    Parameters
    ----------
    published : DataFrame
        Rows of the tidy table ``published_figures`` for one period.
    computed : dict of str to dict
        Figure records (as in section.json) by figure_id.
    name : callable
        Names a State from its ISO3 code, for the explanations.

    Returns
    -------
    DataFrame
        One row per published figure, columns `COLUMNS`. `status` is ``matches``, ``differs`` (with the reason in words)
        or ``not itemised``: the report prints a number and neither it nor any export names what was counted.
    """
    printed = {key: rows for key, rows in published.groupby("figure_id")}
    records = [_one(row, computed.get(row.figure_id), printed[row.figure_id], name) for row in published.itertuples()]
    return pd.DataFrame(records, columns=COLUMNS)


def summary(result: pd.DataFrame) -> dict[str, int]:
    """Count the published figures by status."""
    return {status: int((result["status"] == status).sum()) for status in STATUSES}


def _one(row, figure: dict | None, same_figure: pd.DataFrame, name) -> dict:
    published_states = row.states.split(";") if row.states else []
    record = {
        "ref": row.ref,
        "section": row.section,
        "statement": row.statement,
        "figure_id": row.figure_id,
        "published_value": row.value,
        "computed_value": "",
        "published_states": row.states,
        "computed_states": "",
    }
    elsewhere = _printed_elsewhere(row, same_figure)
    if figure is None or figure["value"] is None:
        reason = "The report prints a number; neither it nor any export names what was counted."
        return {**record, "status": NOT_ITEMISED, "explanation": f"{reason} {elsewhere}".strip()}
    shown = _as_printed(figure["value"], row)
    record |= {"computed_value": shown, "computed_states": ";".join(figure["states"])}
    only_printed = [iso3 for iso3 in published_states if iso3 not in figure["states"]]
    only_computed = [iso3 for iso3 in figure["states"] if published_states and iso3 not in published_states]
    same_value = shown == row.value or row.value == ""
    if same_value and not only_printed and not only_computed:
        return {**record, "status": MATCHES, "explanation": elsewhere}
    parts = [] if same_value else [f"The report prints {row.value}; the rows give {shown}."]
    if only_printed:
        parts.append(f"Only the report names {_names(only_printed, name)}.")
    if only_computed:
        parts.append(f"Only the rows name {_names(only_computed, name)}.")
    parts += [figure.get("note", ""), elsewhere]
    return {**record, "status": DIFFERS, "explanation": " ".join(filter(None, parts))}


def _as_printed(value, row) -> str:
    """Write a computed value to the precision that the report printed: a year, a month or a day."""
    text = str(value)
    return text[: len(row.value)] if row.value_kind in ("date", "year") and row.value else text


def _printed_elsewhere(row, same_figure: pd.DataFrame) -> str:
    """Say where the report prints another value for the same figure."""
    others = same_figure[(same_figure["value"] != row.value) & (same_figure["value"] != "") & (row.value != "")]
    if others.empty:
        return ""
    places = ", ".join(f"{value} in {ref}" for value, ref in zip(others["value"], others["ref"], strict=True))
    return f"The report itself also prints {places}."


def _names(states: list[str], name) -> str:
    names = [name(iso3) for iso3 in states]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
