"""What is known of each State on a day, as one plain table to filter."""

import pandas as pd

from ccmlib.treaty import convention, deadlines
from ccmlib.treaty.facts import Facts
from ccmlib.treaty.observations import questions
from ccmlib.treaty.standings import held

OPEN, ENDED, UNKNOWN = "open", "ended", "unknown"


def table(facts: Facts, day: pd.Timestamp) -> pd.DataFrame:
    """Give one row per State of the register; later words are used for what is certain, never for the last word.

    Returns
    -------
    DataFrame
        iso3, regional_group, un_member; each question that is not asked by year as nullable boolean (missing: not known);
        ``<question>_last_word`` (missing: nothing was said) and ``<question>_heard_on``; ``art3_deadline_passed`` and its like;
        signature_on, deposit_on, withdrawal_on, entry_into_force_on, initial_report_due_on; art3_deadline_on and
        art4_deadline_on as decided by the day; source and row of the State's latest treaty action.
    """
    register = facts["states"][["iso3", "regional_group", "un_member"]].reset_index(drop=True)
    columns = {}
    words = facts["last_words"]
    words = words[(words["from_on"] <= day) & words["year"].isna() & words["basis"].isin(["said", "absence"])]
    heard = words.groupby(["iso3", "question"])["about_on"].max().unstack().reindex(register["iso3"])
    asked = [name for name, question in questions().items() if not question.get("by_year")]
    of_deadlines = [f"art{article}_deadline_{what}" for article in convention.DEADLINES for what in ("passed", "extended")]
    for name in [*asked, *of_deadlines]:
        answers = facts.ask(name, [day])
        columns[name] = answers.of()
        if name in asked:
            yes, no = answers.last[:, 0], answers.last_no[:, 0]
            columns[f"{name}_last_word"] = pd.arrays.BooleanArray(yes.copy(), ~(yes | no))
            columns[f"{name}_heard_on"] = heard[name].to_numpy() if name in heard else pd.NaT
    dates = facts.adherence.reindex(register["iso3"]).drop(columns="iso3").reset_index(drop=True)
    for article in convention.DEADLINES:
        applied = deadlines.in_effect(facts.deadlines[article], day)["deadline_on"]
        columns[f"art{article}_deadline_on"] = applied.reindex(register["iso3"]).to_numpy()
    return pd.concat([register, pd.DataFrame(columns, index=register.index), dates], axis=1)


def obligations(facts: Facts, article: int, day: pd.Timestamp, known: pd.DataFrame | None = None) -> pd.DataFrame:
    """Give the obligations of the States Parties under Article 3 or 4 as they stand on a day, open ones by deadline first.

    `known` is the `table` of the day, where it is at hand.

    Returns
    -------
    DataFrame
        iso3, since, standing (open, ended or unknown), last_word (open, ended, or blank), heard_on (the day that the last word
        speaks of), first_end_on and last_end_on (between which it ended; the same day where that is known), ended_precision
        (day, span, or by: no first day is known), treaty_deadline_on, deadline_on (as decided by the day), days_left (to the
        deadline, negative after it; missing where it passed and the obligation may have ended), extended, passed (certainly
        open after it), requested_on (the longest extension asked for by the day and not granted), publishers, source and row.
    """
    known = table(facts, day) if known is None else known
    question, had = f"art{article}_open", f"art{article}_obligation"
    party = known["state_party"].fillna(known["state_party_last_word"])  # past the depositary's record, as last known
    named = known[party.fillna(False) & known[had].fillna(False)].set_index("iso3")
    begun, last = facts.about("standings", had), facts.about("standings", question)
    begun = begun[begun["from_latest"] <= day].drop_duplicates("iso3").set_index("iso3")
    last = last[~(last["from_earliest"] > day)]
    last = last.drop_duplicates("iso3", keep="last").set_index("iso3").reindex(named.index)
    frame = pd.DataFrame({"since": begun["from_latest"].reindex(named.index)})
    is_open = named[question]
    frame["standing"] = is_open.map({True: OPEN, False: ENDED}).fillna(UNKNOWN).astype("str")
    frame["last_word"] = named[f"{question}_last_word"].map({True: OPEN, False: ENDED}).fillna("").astype("str")
    frame["heard_on"] = named[f"{question}_heard_on"]
    over = last["to_latest"] <= day
    frame["first_end_on"] = last["to_earliest"].where(over)
    frame["last_end_on"] = last["to_latest"].where(over)
    never_seen = ~last.index.isin(held(last).index)
    exact = frame["first_end_on"] == frame["last_end_on"]
    frame["ended_precision"] = pd.Series("span", frame.index).mask(exact, "day").mask(over & never_seen, "by").where(over, "")
    steps = facts.deadlines[article]
    applied = deadlines.in_effect(steps, day).reindex(named.index)
    frame["treaty_deadline_on"] = steps[~steps["extended"]].set_index("iso3")["deadline_on"].reindex(named.index)
    frame["deadline_on"], frame["extended"] = applied["deadline_on"], applied["extended"].fillna(False).astype(bool)
    left = (frame["deadline_on"] - day).dt.days.astype("Int64")
    frame["days_left"] = left.where((left >= 0) | (frame["standing"] == OPEN))
    frame["passed"] = is_open.fillna(False) & named[f"art{article}_deadline_passed"].fillna(False)
    asked = facts["deadlines"]
    asked = asked[(asked["article"] == article) & (asked["kind"] == "extension_requested") & (asked["known_on"] <= day)]
    longest = asked.groupby("iso3")["deadline_on"].max().reindex(named.index)
    frame["requested_on"] = longest.where((longest > frame["deadline_on"]) & (frame["standing"] != ENDED))
    for column in ("publishers", "source", "row"):
        frame[column] = last[column].fillna(begun[column].reindex(named.index)).fillna("")
    place = frame["standing"].map({OPEN: 0, UNKNOWN: 1, ENDED: 2})
    vague = frame["ended_precision"] == "by"
    order = frame.assign(place=place, vague=vague, on=frame["last_end_on"].fillna(frame["deadline_on"]))
    return frame.loc[order.sort_values(["place", "vague", "on"]).index].reset_index()
