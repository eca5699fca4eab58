"""Names of States: the three files that every other reader needs first, and the names in six languages."""

import pandas as pd

from ccmlib.base.names import AMBIGUOUS, StateNames, name_key
from ccmlib.base.problems import Problems
from ccmlib.ingest.rows import Rows

#: Languages of the names of States.
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
#: Members of the regional groups of the United Nations, as its list of regional groups gives them.
GROUPS = {"African": 54, "Asia-Pacific": 54, "Eastern European": 23, "Latin American and Caribbean": 33,
          "Western European and other": 29}  # fmt: skip
#: A name as UNTERM lists it: the article in brackets, asterisks where a State is no Member.
_LISTED = r"^(?P<short_name>.*?)(?: \((?P<definite_article>the|l'|la|les?|las|el|los)\))?(?: \*+)?$"


def country_codes(rows: Rows, problems: Problems) -> dict[str, pd.DataFrame]:
    """Take each row as a State's names in six languages; territories are set aside.

    Where UNTERM's short name is blank, it is the official name of the statistical office; its English one is not used.
    """
    ours = rows.frame["iso3"].isin(list(rows.names))
    kept = set(rows.numbers[ours].tolist())
    rows.report.arrived(kept, rows.numbers.tolist(), "not a State of the register")
    frame = rows.frame[ours].fillna("")
    parts = []
    for code in LANGUAGES:
        unterm = frame[f"short_{code}"]
        listed = unterm.where(unterm != "", frame[f"official_{code}"])
        formal = frame[f"formal_{code}"].str.replace(r" \*+$", "", regex=True)
        source = unterm.map(lambda name: "UNTERM" if name else "official name in UN statistics")
        parts.append(listed.str.extract(_LISTED).assign(
            iso3=frame["iso3"], language=code, formal_name=formal, source=source, row=rows.cell_ids(f"short_{code}")))
        marks = frame["iso3"][listed.str.endswith("*")]
        if len(marks):
            rows.report.notes.append(f"asterisks taken off, {code}: {', '.join(marks)}")
    names = pd.concat(parts, ignore_index=True)
    return {"state_names_un": names[names["short_name"] != ""].reset_index(drop=True)}


def _count_members(register: Rows, problems: Problems) -> None:
    """Compare the Members of the United Nations and its regional groups with their numbers."""
    frame = register.frame
    member = frame["un_member"] == 1
    counted = {"Members of the United Nations": int(member.sum())}
    counted |= frame.loc[member, "regional_group"].value_counts().to_dict()
    for what, number in {"Members of the United Nations": 193, **GROUPS}.items():
        if counted.get(what, 0) != number:
            problems.add(register.file, register.sheet, f"group {what}" if what in GROUPS else "column un_member",
                         found=f"{counted.get(what, 0)} {what}", expected=str(number))  # fmt: skip


def names(
    register: Rows, aliases: Rows, territories: Rows, problems: Problems, un_names: list[dict] = ()
) -> StateNames | None:
    """Make the spellings on record of the three files of names and, if there, the rows of ``country_codes.csv``.

    What contradicts itself is a problem, and gives None: nothing else can be read then.
    """
    tables = [rows.frame.astype(object).where(rows.frame.notna(), "") for rows in (register, aliases, territories)]
    held: dict[str, str] = {}
    before = len(problems)
    for rows, frame, column in (
        (register, tables[0], "name_un"), (register, tables[0], "name_un_2016"), (aliases, tables[1], "name"),
    ):  # fmt: skip
        notes = frame["note"] if "note" in frame else [""] * len(frame)
        for at, (name, iso3, note) in enumerate(zip(frame[column], frame["iso3"], notes, strict=True)):
            other = iso3 if note.startswith(AMBIGUOUS) else held.setdefault(name_key(name), iso3)
            if other != iso3:
                expected = f"the State it already stands for, {other}"
                rows.problem(problems, at, column, found=f"{name} for {iso3}", expected=expected)
    _count_members(register, problems)
    if len(problems) > before:
        return None
    try:
        return StateNames(*tables, un_names)
    except (ValueError, KeyError) as error:
        problems.add(register.file, found=str(error), expected="names that do not contradict each other")
        return None
