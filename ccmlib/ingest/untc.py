"""The depositary's status table: who signed, deposited, applied provisionally and withdrew, and when.

It comes as one row a participant (the table of the United Nations Treaty Collection, as a page, XML, workbook or text)
or as one row an action. End notes are prose: a State leaves the Convention only where a note names the Convention
itself or its denunciation. A declaration, reservation or territory that is withdrawn is a note and nothing more.
"""

import re
from datetime import date

import pandas as pd

from ccmlib.base.names import StateNames
from ccmlib.base.problems import unreadable
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
_LEAVES = re.compile(r"(?i)withdr[ae]w|denounc|denunciation")
_OBJECT = r"(?:the|this|that|said|above-?mentioned|present|of)\s+"
_LEAVES_CONVENTION = re.compile(rf"(?i)withdr[ae]w\w*(?:\s+of\s+[^.,;]*?)?\s+from\s+(?:{_OBJECT})*Convention\b|"
                                rf"(?:denounc\w*|denunciation)\s+(?:{_OBJECT})*Convention\b")  # fmt: skip
#: A sentence that only says when the withdrawal of the sentence before takes effect.
_EFFECT_ONLY = re.compile(r"(?i)\b(?:the|this|its|such|said) (?:withdrawal|denunciation) "
                          r"(?:shall|will|took|takes?|becomes?|became|is|was)\b[^.]*\beffect")  # fmt: skip
_EFFECT = re.compile(r"(?i)(?:\b(?:took|takes?|taking|taken) effect (?:for [^.,]{1,60} )?(?:on|from)|"
                     rf"\bwith effect (?:from|as of|on)|\beffective(?: from| as of| on)?) (?:the )?{_DAY}")  # fmt: skip
#: What else a State may withdraw.
_NO_MATTER = re.compile(r"(?i)\b(?:declar|reserv|objecti|understanding|statement|communicat|notificat|territor|extension|"
                        r"signature|paragraph|applicati)")  # fmt: skip
_UNSURE = re.compile(r"(?i)\bnot\b|\bnever\b|rescind|revok|cancel|annul|intend|intention|consider|might|(?-i:\bmay\b)|\bif\b|"
                     r"unless|reserv|declarat|objection|territor|in respect of|on behalf of")  # fmt: skip
_NOTIFIED = re.compile(
    r"^[\W\d]*(?:(?:On|By|In|With)\b[^,]*,\s*)?(?:a )?(?:(?:notification|communication)s? from )?(?:the )?(?:Government of )?"
    r"(?P<state>[^,]+?),? "
    r"(?:has |had )?(?:withdrew|withdrawn|notified|informed|deposited|denounced|communicated|addressed|decided)\b")  # fmt: skip


def participants(rows: Rows) -> dict[str, pd.DataFrame]:
    """Take each row as a participant of the depositary's table, and read the end notes on withdrawals."""
    frame = rows.frame
    parts = [
        pd.DataFrame({"iso3": frame["iso3"], "action": frame[f"{name}_action"], "date": frame[name],
                      "row": rows.cell_ids(name)})
        for name in ("signature", "deposit", "provisional") if frame[name].notna().any()
    ]  # fmt: skip
    for at in frame.index[frame["signature"].isna() & frame["deposit"].isna() & frame["iso3"].notna()]:
        rows.problem(at, "", found="neither a signature nor a deposit", expected="at least one of them")
    return _tidy(pd.concat(parts, ignore_index=True), rows)


def actions(rows: Rows) -> dict[str, pd.DataFrame]:
    """Take each row as one action of the depositary's table; raises as `participants` does."""
    return _tidy(rows.frame[["iso3", "action", "date"]].assign(row=rows.row_ids), rows)


def _tidy(found: pd.DataFrame, rows: Rows) -> dict[str, pd.DataFrame]:
    found = found.dropna(subset=["date", "iso3", "action"])
    _refuse_other_treaties(found, rows)
    withdrawals = _withdrawals(rows)
    _check_totals(found, len(withdrawals), rows)
    found = pd.concat([found, withdrawals], ignore_index=True)
    found["source"] = rows.document or rows.file
    if sources := rows.others.get("participant_sources"):
        found["source"] = _sources(found, rows, sources)
    provisional = found["action"] == "provisional_application"
    applied = found[provisional]
    applied = applied.assign(question="provisional_application", answer="yes", first_on=applied["date"],
                             last_on=applied["date"], became=True, publisher="UN Treaty Collection")  # fmt: skip
    actions = found[~provisional].sort_values(["iso3", "date", "action"], ignore_index=True)
    return {"treaty_actions": actions, "observations": applied}


def _refuse_other_treaties(found: pd.DataFrame, rows: Rows) -> None:
    """Stop with one problem where the table cannot be the Convention's: every other problem would follow from it."""
    title = " ".join(text for _, text in rows.above)
    early = int((found["date"] < OPENED_ON).sum())
    deposits = int((found["action"].isin(_DEPOSITS) & (found["date"] <= THIRTIETH_DEPOSIT_ON)).sum())
    said = ""
    if re.search(r"\b(?:Convention|Treaty|Protocol|Amendment)\b", title) and "cluster munitions" not in title.lower():
        said = title
    elif early > max(2, len(found) // 10):
        said = f"{early} of {len(found)} days before {dates.in_words(OPENED_ON)}, when it was opened for signature"
    elif deposits < 30:
        said = f"{deposits} deposits by {dates.in_words(THIRTIETH_DEPOSIT_ON)}, where the Convention had 30"
    if said:
        hint = "look whether it is the table of another treaty, or only a part of this one"
        raise unreadable(rows.file, said, _TREATY, hint, rows.sheet)


def _check_totals(found: pd.DataFrame, left: int, rows: Rows) -> None:
    """Compare what the page itself counts, such as "Signatories : 108 . Parties : 112", with its rows; `left` withdrew."""
    parties = int(found["action"].isin(_DEPOSITS).sum())
    ours = {"Signatories": [int((found["action"] == "signature").sum())], "Parties": [*range(parties - left, parties + 1)]}
    for number, text in [*rows.above, *rows.below]:
        for what, stated in re.findall(r"\b(Signatories|Parties)\s*:\s*(\d+)", text):
            if int(stated) not in ours[what]:
                rows.problems.add(rows.file, rows.sheet, f"row {number}", found=f"{what}: {stated}",
                                  expected=f"{ours[what][0]}, as the rows of the table give",
                                  suggestion="look whether rows were lost or added, or take a newer copy")  # fmt: skip


def _sources(found: pd.DataFrame, rows: Rows, sources: Rows) -> pd.Series:
    by_state = sources.frame.drop_duplicates("iso3").set_index("iso3")["source"]
    for there, states, others in ((sources, found["iso3"], by_state.index), (rows, by_state.index.dropna(), found["iso3"])):
        for iso3 in sorted(set(states) - set(others)):
            rows.problems.add(there.file, there.sheet, found=f"no row for {rows.names.name(iso3)}",
                              expected="the participants of the table, and a source for each")  # fmt: skip
    return found["iso3"].map(by_state)


def _withdrawals(rows: Rows) -> pd.DataFrame:
    """Read the end notes that tell of a withdrawal from the Convention, and list what was taken and what was not."""
    found = []
    for number, text in rows.below:
        what, iso3, day = read_note(text, rows.names)
        if what == "unclear":
            rows.problems.add(rows.file, rows.sheet, f"row {number}", found=text, expected=_A_NOTE)
        elif what == "withdrawal":
            found.append((iso3, what, pd.Timestamp(day), f"{rows.file}:{rows.sheet}:{number}"))
            told = f"withdrawal of {rows.names.name(iso3)} from the Convention on {dates.in_words(day)}"
            rows.report.notes.append(f"taken from the note in row {number}: {told}")
        elif what == "note":
            rows.report.notes.append(f"the note in row {number} on a withdrawal is no withdrawal from the Convention")
    return pd.DataFrame(found, columns=["iso3", "action", "date", "row"]).astype({"date": "datetime64[us]"})


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
        follows = _EFFECT_ONLY.search(sentence)
        if not _LEAVES.search(sentence) or (leaving and follows):
            continue
        if _LEAVES_CONVENTION.search(sentence):
            leaving.append(sentence)
        elif _NO_MATTER.search(sentence) or (other and follows):
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
