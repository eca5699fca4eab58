"""The depositary's status table: who signed, deposited, applied provisionally and withdrew, and when.

It comes as one row a participant (the table of the United Nations Treaty Collection, as a page, XML, workbook or text)
or as one row an action. End notes are prose: a State leaves the Convention only where a note names the Convention
itself or its denunciation. A declaration, reservation or territory that is withdrawn is a note and nothing more.
"""

import re
from datetime import date

import pandas as pd

from ccmlib.base.names import StateNames
from ccmlib.base.problems import Problems, unreadable
from ccmlib.ingest import dates
from ccmlib.ingest.rows import Rows

#: Article 15: open for signature from this day on; no action is older.
OPENED_ON = pd.Timestamp(2008, 12, 3)
#: Article 17: the thirtieth deposit, six months before the Convention entered into force on 1 August 2010.
THIRTIETH_DEPOSIT_ON = pd.Timestamp(2010, 2, 16)
_DEPOSITS = ("ratification", "acceptance", "approval", "accession")
_TREATY = "the status table of the Convention on Cluster Munitions (chapter XXVI, 6)"

_A_NOTE = ("an end note that says of what the withdrawal is; of the Convention: X withdrew from the Convention. "
           "The withdrawal took effect on 6 March 2025.")  # fmt: skip
_DAY = r"(?P<day>\d{1,2}(?:st|nd|rd|th)? \w+ \d{4}|\w+ \d{1,2}, \d{4}|\d{4}-\d\d-\d\d)"
_LEAVES = re.compile(r"withdr[ae]w|denounc|denunciation", re.IGNORECASE)
_OBJECT = r"(?:the|this|that|said|above-?mentioned|present|of)\s+"
_LEAVES_CONVENTION = re.compile(
    rf"withdr[ae]w\w*(?:\s+of\s+[^.,;]*?)?\s+from\s+(?:{_OBJECT})*Convention\b|"
    rf"(?:denounc\w*|denunciation)\s+(?:{_OBJECT})*Convention\b",
    re.IGNORECASE,
)
#: A sentence that only says when the withdrawal of the sentence before takes effect.
_EFFECT_ONLY = re.compile(
    r"\b(?:the|this|its|such|said) (?:withdrawal|denunciation) "
    r"(?:shall|will|took|takes?|becomes?|became|is|was)\b[^.]*\beffect",
    re.IGNORECASE,
)
_EFFECT = re.compile(
    r"(?:\b(?:took|takes?|taking|taken) effect (?:for [^.,]{1,60} )?(?:on|from)|\bwith effect (?:from|as of|on)|"
    rf"\beffective(?: from| as of| on)?) (?:the )?{_DAY}",
    re.IGNORECASE,
)
#: What else a State may withdraw.
_NO_MATTER = re.compile(
    r"\b(?:declar|reserv|objecti|understanding|statement|communicat|notificat|territor|extension|signature|paragraph|"
    r"applicati)",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\bnot\b|\bnever\b|rescind|revok|cancel|annul|intend|intention|consider|might|(?-i:\bmay\b)|\bif\b|unless|reserv|"
    r"declarat|objection|territor|in respect of|on behalf of",
    re.IGNORECASE,
)
_NOTIFIED = re.compile(
    r"^[\W\d]*(?:(?:On|By|In|With)\b[^,]*,\s*)?(?:a )?(?:(?:notification|communication)s? from )?"
    r"(?:the )?(?:Government of )?(?P<state>[^,]+?),? "
    r"(?:has |had )?(?:withdrew|withdrawn|notified|informed|deposited|denounced|communicated|addressed|decided)\b"
)


def participants(rows: Rows, problems: Problems) -> dict[str, pd.DataFrame]:
    """Take each row as a participant of the depositary's table, and read the end notes on withdrawals."""
    frame = rows.frame
    parts = [
        pd.DataFrame({"iso3": frame["iso3"], "action": frame[f"{name}_action"], "date": frame[name],
                      "row": rows.cell_ids(name)})
        for name in ("signature", "deposit", "provisional") if frame[name].notna().any()
    ]  # fmt: skip
    neither = frame["signature"].isna() & frame["deposit"].isna() & frame["iso3"].notna()
    for at in neither.index[neither]:
        rows.problem(problems, at, "", found="neither a signature nor a deposit", expected="at least one of them")
    return _tidy(pd.concat(parts, ignore_index=True), rows, problems)


def actions(rows: Rows, problems: Problems) -> dict[str, pd.DataFrame]:
    """Take each row as one action of the depositary's table; raises as `participants` does."""
    return _tidy(rows.frame[["iso3", "action", "date"]].assign(row=rows.row_ids), rows, problems)


def _tidy(found: pd.DataFrame, rows: Rows, problems: Problems) -> dict[str, pd.DataFrame]:
    found = found[found["date"].notna() & found["iso3"].notna() & found["action"].notna()]
    _refuse_other_treaties(found, rows)
    withdrawals = _withdrawals(rows, problems)
    _check_totals(found, withdrawals, rows, problems)
    found = pd.concat([found, withdrawals], ignore_index=True)
    found["source"] = rows.frame["document"].iloc[0] if "document" in rows.frame else rows.file
    if sources := rows.others.get("participant_sources"):
        found["source"] = _sources(found, rows, sources, problems)
    provisional = found["action"] == "provisional_application"
    applied = found[provisional]
    applied = applied.assign(
        question="provisional_application", answer="yes", first_on=applied["date"], last_on=applied["date"], became=True,
        publisher="UN Treaty Collection",
    )  # fmt: skip
    order = ["iso3", "date", "action"]
    return {"treaty_actions": found[~provisional].sort_values(order, ignore_index=True), "observations": applied}


def _refuse_other_treaties(found: pd.DataFrame, rows: Rows) -> None:
    """Stop with one problem where the table cannot be the Convention's: every other problem would follow from it."""
    said = " ".join(text for _, text in rows.above)
    early = int((found["date"] < OPENED_ON).sum())
    deposits = int((found["action"].isin(_DEPOSITS) & (found["date"] <= THIRTIETH_DEPOSIT_ON)).sum())
    if re.search(r"\b(?:Convention|Treaty|Protocol|Amendment)\b", said) and "cluster munitions" not in said.lower():
        raise unreadable(rows.file, said, _TREATY, sheet=rows.sheet)
    if early > max(2, len(found) // 10):
        first = f"{early} of {len(found)} days before {dates.in_words(OPENED_ON)}, when it was opened for signature"
        raise unreadable(rows.file, first, _TREATY, sheet=rows.sheet)
    if deposits < 30:
        text = f"{deposits} deposits by {dates.in_words(THIRTIETH_DEPOSIT_ON)}, where the Convention had 30"
        hint = "look whether it is the table of another treaty, or only a part of this one"
        raise unreadable(rows.file, text, _TREATY, hint, rows.sheet)


def _check_totals(found: pd.DataFrame, withdrawals: pd.DataFrame, rows: Rows, problems: Problems) -> None:
    """Compare what the page itself counts, such as "Signatories : 108 . Parties : 112", with its rows."""
    parties = int(found["action"].isin(_DEPOSITS).sum())
    ours = {"Signatories": [int((found["action"] == "signature").sum())],
            "Parties": [parties - left for left in range(len(withdrawals), -1, -1)]}  # fmt: skip
    for number, text in [*rows.above, *rows.below]:
        for what, counts in ours.items():
            stated = re.search(rf"\b{what}\s*:\s*(\d+)", text)
            if stated and int(stated[1]) not in counts:
                problems.add(rows.file, rows.sheet, f"row {number}", found=f"{what}: {stated[1]}",
                             expected=f"{counts[0]}, as the rows of the table give",
                             suggestion="look whether rows were lost or added, or take a newer copy")  # fmt: skip


def _sources(found: pd.DataFrame, rows: Rows, sources: Rows, problems: Problems) -> pd.Series:
    by_state = sources.frame.drop_duplicates("iso3").set_index("iso3")["source"]
    source = found["iso3"].map(by_state)
    for iso3 in sorted(set(found.loc[source.isna(), "iso3"])):
        text = f"no source for {rows.names.name(iso3)}"
        problems.add(sources.file, sources.sheet, found=text, expected="a source for each participant")
    for iso3 in sorted(set(by_state.index.dropna()) - set(found["iso3"])):
        expected = f'each participant of the sheet "{sources.sheet}"'
        problems.add(rows.file, rows.sheet, found=f"no row for {rows.names.name(iso3)}", expected=expected)
    return source


def _withdrawals(rows: Rows, problems: Problems) -> pd.DataFrame:
    """Read the end notes that tell of a withdrawal from the Convention, and list what was taken and what was not."""
    found = []
    for number, text in rows.below:
        what, iso3, day = read_note(text, rows.names)
        if what == "unclear":
            problems.add(rows.file, rows.sheet, f"row {number}", found=text, expected=_A_NOTE)
        elif what == "withdrawal":
            found.append((iso3, what, pd.Timestamp(day), f"{rows.file}:{rows.sheet}:{number}"))
            told = f"withdrawal of {rows.names.name(iso3)} from the Convention on {dates.in_words(day)}"
            rows.report.notes.append(f"taken from the note in row {number}: {told}")
        elif what == "note":
            rows.report.notes.append(f"the note in row {number} on a withdrawal is no withdrawal from the Convention")
    frame = pd.DataFrame(found, columns=["iso3", "action", "date", "row"])
    return frame.astype({"date": "datetime64[us]"})


def read_note(text: str, names: StateNames) -> tuple[str, str | None, date | None]:
    """Tell what an end note says of a withdrawal.

    Examples
    --------
    >>> names = StateNames.from_raw()
    >>> read_note("On 6 September 2024, the Government of Lithuania notified the Secretary-General of its withdrawal "
    ...           "from the Convention. The withdrawal took effect on 6 March 2025.", names)
    ('withdrawal', 'LTU', datetime.date(2025, 3, 6))
    >>> read_note("On 27 March 1997, the Government of Chad notified the Secretary-General that it had decided to "
    ...           "withdraw the declaration made upon ratification of the Convention.", names)[0]
    'note'
    """
    sentences = re.split(r"(?<=[a-z0-9)\"”])[.;]\s+(?=[A-Z“\"])", " ".join(text.split()))
    leaving, other = [], False
    for sentence in sentences:
        if not _LEAVES.search(sentence) or (leaving and _EFFECT_ONLY.search(sentence)):
            continue
        if _LEAVES_CONVENTION.search(sentence):
            leaving.append(sentence)
        elif _NO_MATTER.search(sentence) or (other and _EFFECT_ONLY.search(sentence)):
            other = True
        else:
            return "unclear", None, None
    if not leaving:
        return ("note" if other else ""), None, None
    days = {match["day"] for match in _EFFECT.finditer(text)}
    state = _NOTIFIED.match(leaving[0])
    iso3 = names.resolve(state["state"]) if state else None
    if other or len(leaving) > 1 or len(days) != 1 or not iso3 or any(map(_UNSURE.search, sentences)):
        return "unclear", None, None
    try:
        return "withdrawal", iso3, dates.read(days.pop()).first
    except dates.NotADate:
        return "unclear", None, None
