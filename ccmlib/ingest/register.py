"""Names of States: the three files that every other reader needs first, and the names in six languages."""

import pandas as pd

from ccmlib.base.names import AMBIGUOUS, StateNames, name_key
from ccmlib.ingest.rows import Rows

#: Languages of the names of States.
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
#: Members of the United Nations and of its regional groups, as its list of regional groups gives them.
MEMBERS = {"Members of the United Nations": 193, "African": 54, "Asia-Pacific": 54, "Eastern European": 23,
           "Latin American and Caribbean": 33, "Western European and other": 29}  # fmt: skip
#: A name as UNTERM lists it: the article in brackets, asterisks where a State is no Member.
_LISTED = r"^(?P<short_name>.*?)(?: \((?P<definite_article>the|l'|la|les?|las|el|los)\))?(?: \*+)?$"


def country_codes(rows: Rows) -> dict[str, pd.DataFrame]:
    """Take each row as a State's names in six languages; territories are set aside.

    Where UNTERM's short name is blank, it is the official name of the statistical office; its English one is not used.
    """
    ours = rows.frame["iso3"].isin(list(rows.names))
    rows.set_aside(rows.numbers[~ours].tolist(), "not a State of the register")
    frame = rows.frame[ours].fillna("")
    parts = []
    for code in LANGUAGES:
        unterm = frame[f"short_{code}"]
        listed = unterm.mask(unterm == "", frame[f"official_{code}"])
        parts.append(listed.str.extract(_LISTED).assign(
            iso3=frame["iso3"], language=code, formal_name=frame[f"formal_{code}"].str.replace(r" \*+$", "", regex=True),
            source=unterm.map(lambda name: "UNTERM" if name else "official name in UN statistics"),
            row=rows.cell_ids(f"short_{code}")))  # fmt: skip
        marks = frame["iso3"][listed.str.endswith("*")]
        if len(marks):
            rows.report.notes.append(f"asterisks taken off, {code}: {', '.join(marks)}")
    names = pd.concat(parts, ignore_index=True)
    return {"state_names_un": names[names["short_name"] != ""].reset_index(drop=True)}


def names(register: Rows, aliases: Rows, territories: Rows, un_names: list[dict] = ()) -> StateNames | None:
    """Make the spellings on record of the three files of names and, if there, the rows of ``country_codes.csv``.

    What contradicts itself is a problem, and gives None: nothing else can be read then.
    """
    problems = register.problems
    tables = [rows.frame.astype(object).where(rows.frame.notna(), "") for rows in (register, aliases, territories)]
    held: dict[str, str] = {}
    before = len(problems)
    for rows, frame, column in ((register, tables[0], "name_un"), (register, tables[0], "name_un_2016"),
                                (aliases, tables[1], "name")):  # fmt: skip
        for at, row in enumerate(frame.to_dict("records")):
            name, iso3 = row[column], row["iso3"]
            other = iso3 if row.get("note", "").startswith(AMBIGUOUS) else held.setdefault(name_key(name), iso3)
            if other != iso3:
                expected = f"the State it already stands for, {other}"
                rows.problem(at, column, found=f"{name} for {iso3}", expected=expected)
    members = tables[0][tables[0]["un_member"] == 1]
    counted = members["regional_group"].value_counts().to_dict() | {"Members of the United Nations": len(members)}
    for what, number in MEMBERS.items():
        if counted.get(what, 0) != number:
            problems.add(register.file, register.sheet, f"column un_member, {what}",
                         found=f"{counted.get(what, 0)} {what}", expected=str(number))  # fmt: skip
    if len(problems) > before:
        return None
    try:
        return StateNames(*tables, un_names)
    except (ValueError, KeyError) as error:
        problems.add(register.file, found=str(error), expected="names that do not contradict each other")
        return None
