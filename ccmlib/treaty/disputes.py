"""Rows that cannot both be so, found by the rules of dictionary/precedence.yml; both stay, and each pair is listed."""

import pandas as pd

from ccmlib.tidy import precedence
from ccmlib.treaty import convention

#: What identifies one thing asked.
ASKED = ["iso3", "question", "year"]
#: What identifies one thing counted.
COUNTED = ["iso3", "actor", "counterpart", "indicator", "covers_year", "unit", "remarks"]


def find(frames: dict[str, pd.DataFrame], in_force: pd.Series) -> pd.DataFrame:
    """List the rows that contradict each other."""
    if in_force.empty:  # what is wrong with the States is said already
        return pd.DataFrame()
    told = _answers(frames["observations"], frames["reports"])
    numbers = frames["disclosures"].assign(question=frames["disclosures"]["indicator"])
    numbers["year"] = numbers["covers_year"]
    numbers["words"] = numbers["value"].map("{:,.12g}".format).where(numbers["value"].notna(), numbers["text"])
    found = [_FORMS[rule["form"]](rule, told, numbers, in_force) for rule in precedence.rules()["clashes"]]
    return pd.concat([pairs for pairs in found if len(pairs)] or [pd.DataFrame()], ignore_index=True)


def _answers(observations: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """Give all answers, those that the reports received imply too, in words and ranked as reports are."""
    received = pd.DataFrame({
        **{name: reports[name] for name in ("iso3", "source", "row")}, "question": reports["kind"] + "_report_submitted",
        "year": reports["covers_year"].where(reports["kind"] == "annual"), "answer": "yes", "became": True,
        "first_on": reports["submitted_on"].fillna(reports["submitted_from"]),
        "last_on": reports["submitted_on"].fillna(reports["submitted_by"]),
        "publisher": reports["source"].map(precedence.publisher_of),
    })
    told = pd.concat([observations, received.assign(said_on=received["last_on"])], ignore_index=True)
    first, last = told["first_on"].dt.strftime("%Y-%m-%d"), told["last_on"].dt.strftime("%Y-%m-%d")
    day = last.where(first == last, first.fillna("…") + " to " + last)
    told["words"] = told["answer"] + told["became"].map({True: " from ", False: " on "}).astype("str") + day
    told["rank"] = [precedence.rank_of(name, "reports") for name in told["publisher"]]
    return told


def _no_after_yes(rule: dict, told: pd.DataFrame, numbers: pd.DataFrame, in_force: pd.Series) -> pd.DataFrame:
    asked = told[told["question"].isin(rule["questions"])]
    yes = asked[asked["answer"] == "yes"]
    if "shown_by" in rule:  # another question of a year after
        other = told[(told["question"] == rule["shown_by"]) & (told["answer"] == "yes")]
        yes = other.assign(question=rule["questions"][0], year=other["year"] - rule["years_later"])
    yes = yes.sort_values("last_on").drop_duplicates(ASKED)
    pairs = asked[asked["answer"] == "no"].merge(yes, on=ASKED, suffixes=("", "_other"))
    return _listed(rule, pairs[pairs["first_on"] > pairs["last_on_other"]])


def _other_day(rule: dict, told: pd.DataFrame, numbers: pd.DataFrame, in_force: pd.Series) -> pd.DataFrame:
    days = told[told["question"].isin(rule["questions"]) & told["became"]]
    days = days.sort_values(["rank", "said_on"], ascending=[True, False], kind="stable")
    days = days.drop_duplicates([*ASKED, "words"]).reset_index(names="at").reset_index(names="place")
    pairs = days.merge(days, on=[*ASKED, "answer"], suffixes=("", "_other"))
    apart = (pairs["first_on"] > pairs["last_on_other"]) | (pairs["last_on"] < pairs["first_on_other"])
    # Each against the first of those that come before it.
    pairs = pairs[apart & (pairs["place_other"] < pairs["place"])].sort_values(["place", "place_other"])
    return _listed(rule, pairs.drop_duplicates("row"))


def _too_early(rule: dict, told: pd.DataFrame, numbers: pd.DataFrame, in_force: pd.Series) -> pd.DataFrame:
    done = told[told["question"].isin(rule["questions"]) & (told["answer"] == rule["answer"]) & told["became"]]
    done = done.assign(bound=in_force.reindex(done["iso3"]).to_numpy())
    early = done[(done["last_on"] < done["bound"]) | done["bound"].isna()]
    words = early["bound"].dt.strftime("in force from %Y-%m-%d").fillna("not in force for the State")
    return _listed(rule, _against_the_convention(early, words))


def _excluded(rule: dict, told: pd.DataFrame, numbers: pd.DataFrame, in_force: pd.Series) -> pd.DataFrame:
    counted = numbers["question"].str.startswith(tuple(rule["indicators"])) & (numbers["value"] > 0)
    numbers = numbers[counted].drop_duplicates("iso3")
    said = told[(told["question"] == rule["question"]) & (told["answer"] == "yes")]
    return _listed(rule, said.merge(numbers, on="iso3", suffixes=("", "_other")))


def _more_than(rule: dict, told: pd.DataFrame, numbers: pd.DataFrame, in_force: pd.Series) -> pd.DataFrame:
    found = []
    for part, whole in rule["pairs"].items():
        wholes = numbers[numbers["question"] == whole].sort_values("value", ascending=False, kind="stable")
        pairs = numbers[numbers["question"] == part].merge(wholes.drop_duplicates("iso3"), on="iso3", suffixes=("", "_other"))
        found.append(pairs[pairs["value"] > pairs["value_other"]])
    return _listed(rule, pd.concat(found))


def _not_computed(rule: dict, told: pd.DataFrame, numbers: pd.DataFrame, in_force: pd.Series) -> pd.DataFrame:
    printed = numbers[numbers["question"] == rule["indicator"]]
    due = convention.initial_report_due(in_force).reindex(printed["iso3"]).set_axis(printed.index)
    due = due.dt.strftime("%Y-%m-%d").fillna("not due: no State Party")
    wrong = [not day.startswith(text) for day, text in zip(due, printed["text"], strict=True)]
    wrong = pd.Series(wrong, printed.index, dtype=bool)
    return _listed(rule, _against_the_convention(printed[wrong], due[wrong]))


def _other_number(rule: dict, told: pd.DataFrame, numbers: pd.DataFrame, in_force: pd.Series) -> pd.DataFrame:
    numbers = numbers[numbers["question"].str.startswith(tuple(rule["indicators"])) & (numbers["words"] != "")]
    numbers = numbers[numbers["value"].notna() | (numbers["unit"] == "vote")]
    if numbers.empty:
        return numbers
    groups = precedence.group_of(numbers["question"])
    pairs = zip(numbers["publisher"], groups, strict=True)
    numbers = numbers.assign(rank=[precedence.rank_of(*pair) for pair in pairs])
    numbers = numbers.sort_values(["rank", "as_of"], ascending=[True, False], kind="stable")
    keys = [*COUNTED, "question", "year"]
    pairs = numbers.drop_duplicates([*keys, "words"]).merge(numbers.drop_duplicates(keys), on=keys, suffixes=("", "_other"))
    return _listed(rule, pairs[(pairs["words"] != pairs["words_other"]) & (pairs["iso3"] != "")])


def _against_the_convention(rows: pd.DataFrame, words: pd.Series) -> pd.DataFrame:
    return rows.assign(words_other=words, publisher_other="Convention", source_other="", row_other="")


def _listed(rule: dict, pairs: pd.DataFrame) -> pd.DataFrame:
    """Name what is of the other row as the table does, and add what the rule says."""
    pairs = pairs.rename(columns=lambda name: f"other_{name.removesuffix('_other')}" if name.endswith("_other") else name)
    return pairs.rename(columns={"words": "said", "other_words": "other"}).assign(
        clash=rule["title"], followed=rule["followed"], reason=rule["reason"])


_FORMS = {form.__name__.removeprefix("_"): form for form in (
    _no_after_yes, _other_day, _too_early, _excluded, _more_than, _not_computed, _other_number)}
