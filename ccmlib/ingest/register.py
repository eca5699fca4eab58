"""The State register, other spellings and territories: what every other reader needs first."""

import pandas as pd

from ccmlib.base.names import StateNames, name_key
from ccmlib.base.problems import Problems
from ccmlib.ingest.sheets import Rows


def states(rows: Rows) -> pd.DataFrame:
    """Take the rows of the State register as they are."""
    return rows.frame.assign(row=rows.row_ids, un_member=rows.frame["un_member"].astype("boolean"))


def state_names(rows: Rows) -> pd.DataFrame:
    """Take the spellings; the note of a spelling says where it is from."""
    return rows.frame.assign(row=rows.row_ids, source=rows.frame["note"].fillna("").replace("", rows.file))


def names(register: Rows, aliases: Rows | None, territories: Rows | None, problems: Problems) -> StateNames | None:
    """Make the spellings on record, and say which of them contradict each other.

    Parameters
    ----------
    register, aliases, territories : Rows
        The three files of names.
    problems : Problems
        Gets what is wrong.

    Returns
    -------
    StateNames or None
        None when the register contradicts itself: nothing else can be read then.
    """
    tables = [
        rows.frame.fillna("") if rows is not None else pd.DataFrame() for rows in (register, aliases, territories)
    ]
    held: dict[str, str] = {}
    before = len(problems)
    for rows, columns in ((register, ["name_un", "name_un_2016"]), (aliases, ["name"])):
        if rows is None:
            continue
        frame = rows.frame.fillna("")
        ambiguous = (
            frame["note"].str.startswith("ambiguous") if "note" in frame else pd.Series(False, index=frame.index)
        )
        for column in columns:
            told = zip(frame[column], frame["iso3"], rows.numbers, ambiguous, strict=True)
            for name, iso3, number, is_ambiguous in told:
                key = name_key(name)
                if not is_ambiguous and held.setdefault(key, iso3) != iso3:
                    cell = f"{rows.letters[column]}{number}"
                    problems.add(
                        rows.file,
                        rows.sheet,
                        cell,
                        found=f"{name} for {iso3}",
                        expected=f"the State it already stands for, {held[key]}",
                    )
    if len(problems) > before:
        return None
    try:
        return StateNames(*tables)
    except (ValueError, KeyError) as error:
        problems.add(register.file, found=str(error), expected="names that do not contradict each other")
        return None
