"""What no single table shows: dates of one table against those of another, and States against what they joined."""

from pathlib import Path

import pandas as pd
import yaml

from ccmlib.base.fields import Origins
from ccmlib.base.problems import Problems
from ccmlib.base.publishers import publisher_of
from ccmlib.ingest.cells import shown
from ccmlib.ingest.dates import in_words
from ccmlib.treaty import convention
from ccmlib.treaty.adherence import DEPOSITS, by_state

#: The days of a State that others are compared with → their names here.
DAYS = {"signature_on": "signed", "deposit_on": "deposited", "entry_into_force_on": "in_force", "withdrawal_on": "withdrawn"}


def check(tables: dict[str, pd.DataFrame], origins: Origins, problems: Problems) -> None:
    """Check the tidy tables against each other, by the rules of plausible.yml."""
    if any(len(tables[name]) == 0 for name in ("states", "treaty_actions")):
        return
    rules = yaml.safe_load((Path(__file__).parent / "plausible.yml").read_text(encoding="utf-8"))
    unread = {problem.file for problem in problems} & set(_file(tables["treaty_actions"]))
    names = tables["states"].drop_duplicates("iso3").set_index("iso3")["name_un"]
    states = by_state(tables["treaty_actions"]).set_index("iso3")[list(DAYS)].rename(columns=DAYS)
    # Where the depositary's table could not be read, every State would seem to be no party.
    for table in ["treaty_actions"] if unread else rules:
        frame = tables[table].merge(states, left_on="iso3", right_index=True, how="left", validate="m:1")
        frame = _MORE.get(table, lambda rows, tables: rows)(frame, tables)
        for rule in rules[table]:
            for row in frame.query(rule["wrong"], engine="python").to_dict("records"):
                state, field = names.get(row["iso3"], row["iso3"]), rule["at"].format(**row)
                told = {key: in_words(value) if isinstance(value, pd.Timestamp) else value for key, value in row.items()}
                problems.add(
                    *origins.place(row["row"], field), found=state if field == "iso3" else f"{shown(row[field])} ({state})",
                    expected=rule["expected"].format(**told | {"state": state}))


def _actions(rows: pd.DataFrame, tables: dict) -> pd.DataFrame:
    deposits = rows["action"].isin(DEPOSITS)
    return rows.assign(deposits=deposits, again=deposits & rows.assign(deposits=deposits).duplicated(["iso3", "deposits"]),
                       closed=convention.ENTRY_INTO_FORCE_ON, today=pd.Timestamp.today().normalize())


def _reports(rows: pd.DataFrame, tables: dict) -> pd.DataFrame:
    on = rows["submitted_on"]
    again = rows.assign(publisher=rows["source"].map(publisher_of)).duplicated(["iso3", "kind", "covers_year", "publisher"])
    return rows.assign(latest=on.fillna(rows["submitted_by"]), earliest=on.fillna(rows["submitted_from"]), again=again,
                       field=on.notna().map({True: "submitted_on", False: "submitted_by"}))


def _deadlines(rows: pd.DataFrame, tables: dict) -> pd.DataFrame:
    known = tables["obligations"].drop_duplicates(["iso3", "article"])[["iso3", "article", "since"]]
    # A file without obligations says nothing of who has one; where its sheet is wrong, that is said already.
    rows = rows.assign(beside_obligations=_file(rows).isin(_file(tables["obligations"])))
    return rows.merge(known, on=["iso3", "article"], how="left", validate="m:1")


def _disclosures(rows: pd.DataFrame, tables: dict) -> pd.DataFrame:
    told = rows[(rows["iso3"] != "") & (rows["value"] > 0) & (rows["unit"] != "reported")
                & ~rows["remarks"].str.contains("as published", regex=False)]  # compared with the publication
    same = told.groupby(["iso3", "actor", "counterpart", "indicator", "unit"])["value"]
    middle = same.transform("median")
    times = (told["value"] / middle).where((same.transform("count") >= 3) & (middle > 0))
    return rows.assign(joined=rows[["signed", "deposited"]].min(axis=1), times=times)


def _file(rows: pd.DataFrame) -> pd.Series:
    return rows["row"].str.split(":").str[0]


_MORE = {"treaty_actions": _actions, "reports": _reports, "deadlines": _deadlines, "disclosures": _disclosures}
