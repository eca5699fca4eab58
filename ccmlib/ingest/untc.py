"""The status table of the United Nations Treaty Collection: who signed, deposited and withdrew, and when."""

import re

import pandas as pd

from ccmlib.base.names import StateNames
from ccmlib.base.problems import Problems
from ccmlib.ingest import dates
from ccmlib.ingest.sheets import Rows

_WITHDRAWAL = re.compile(
    r"^(?:\[?\d+[\].)]*\s*)?(?P<state>.+?) (?:withdrew from the Convention|notified .* withdrawal)\b.*?"
    r"(?:took|takes|take) effect on (?P<day>\d{1,2} \w+ \d{4})"
)


def treaty_actions(
    rows: Rows, sources: Rows | None, names: StateNames, document: str, problems: Problems
) -> pd.DataFrame:
    """Turn the table of participants into one row per action.

    Parameters
    ----------
    rows : Rows
        Participant, signature, deposit and its action.
    sources : Rows or None
        Where the dates of each participant are from; `document` for all without it.
    names : StateNames
        Spellings on record.
    document : str
        What the file is a copy of, from its source card.
    problems : Problems
        Gets what is wrong.

    Returns
    -------
    DataFrame
        iso3, action, date, source, row; not yet arranged.
    """
    frame = rows.frame
    signatures = pd.DataFrame(
        {"iso3": frame["iso3"], "action": "signature", "date": frame["signature"], "row": rows.cell_ids("signature")}
    )
    deposits = pd.DataFrame(
        {
            "iso3": frame["iso3"],
            "action": frame["deposit_action"],
            "date": frame["deposit"],
            "row": rows.cell_ids("deposit"),
        }
    )
    neither = frame["signature"].isna() & frame["deposit"].isna() & frame["iso3"].notna()
    for row in rows.numbers[neither.to_numpy()]:
        problems.add(
            rows.file,
            rows.sheet,
            f"row {row}",
            found="neither a signature nor a deposit",
            expected="at least one of them",
        )
    actions = pd.concat([signatures, deposits, _withdrawals(rows, names, problems)], ignore_index=True)
    actions = actions[actions["date"].notna() & actions["iso3"].notna()]
    actions["source"] = document
    if sources is not None:
        by_state = sources.frame.drop_duplicates("iso3").set_index("iso3")["source"]
        actions["source"] = actions["iso3"].map(by_state)
        for iso3 in sorted(set(actions.loc[actions["source"].isna(), "iso3"])):
            problems.add(
                sources.file,
                sources.sheet,
                found=f"no source for {names.name(iso3)}",
                expected="a source for each participant",
            )
        for iso3 in sorted(set(by_state.index.dropna()) - set(actions["iso3"])):
            problems.add(
                rows.file,
                rows.sheet,
                found=f"no row for {names.name(iso3)}",
                expected=f'each participant of the sheet "{sources.sheet}"',
            )
    return actions.sort_values(["iso3", "date", "action"], ignore_index=True)


def _withdrawals(rows: Rows, names: StateNames, problems: Problems) -> pd.DataFrame:
    """Read the end notes that tell of a withdrawal."""
    found = []
    for number, text in rows.below:
        if "withdr" not in text.lower():
            continue
        match = _WITHDRAWAL.match(text)
        iso3 = match and names.resolve(match["state"])
        try:
            day = dates.read(match["day"]).first if match else None
        except dates.NotADate:
            day = None
        if not iso3 or not day:
            problems.add(
                rows.file,
                rows.sheet,
                f"row {number}",
                found=text,
                expected="an end note: X withdrew from the Convention. The withdrawal took effect on 6 March 2025.",
            )
            continue
        row = f"{rows.file}:{rows.sheet}:{number}"
        found.append({"iso3": iso3, "action": "withdrawal", "date": pd.Timestamp(day), "row": row})
    return pd.DataFrame(found, columns=["iso3", "action", "date", "row"]).astype({"date": "datetime64[us]"})
