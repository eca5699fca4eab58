"""How far the record of 2009–2025 reaches, counted and written out as ``docs/record.md``."""

from functools import cache
from pathlib import Path

import pandas as pd
import yaml

from ccmlib.base import project
from ccmlib.figures import vocabulary
from ccmlib.figures.counting import Counts
from ccmlib.figures.figure import Figure
from ccmlib.treaty import periods
from ccmlib.treaty.facts import Facts

DOCUMENT = project.ROOT / "docs" / "record.md"
FILE = "state_facts_by_edition.csv"
#: A figure is only trivially bounded where its bounds lie farther apart than this number and than this part of the upper one.
NARROW, PART = 3, 1 / 5
EXACT, BETWEEN, LEAST, WORD, WIDE, UNKNOWN = "exact", "between", "at least", "last word", "wide", "unknown"


@cache
def words() -> dict:
    """Read why standings cannot tell figures, by the key of a rule, and which contradictions were followed by hand."""
    return yaml.safe_load((Path(__file__).parent / "record.yml").read_text(encoding="utf-8"))


def cause(entry: vocabulary.Entry) -> str | None:
    """Tell why standings cannot tell a figure: a key of the causes in record.yml; None where they can."""
    keys = {"reported" if key == "not_reported" else key for key in entry.rule}
    if found := next((key for key in words()["causes"] if key in keys), None):
        return found
    return None if {"where", "began", "ended", "share"} & keys else ""


def certainty(figure: Figure) -> str:
    """Tell how well a figure is known: one of `EXACT` and the others."""
    if figure.value is not None:
        return EXACT
    if figure.upper is None:
        return WORD if figure.lower is None and figure.last_word is not None else UNKNOWN if figure.lower is None else LEAST
    width = figure.upper - (figure.lower or 0)
    return WIDE if width > NARROW and width > PART * figure.upper else BETWEEN


def known(counts: Counts) -> pd.DataFrame:
    """Give the certainty of each figure that standings can tell: one row a figure, one column a period."""
    made = {}
    for name, entry in vocabulary.entries().items():
        if cause(entry) is None and "{" not in name:
            made[name] = [certainty(counts.figure(name, period)) for period in _periods(counts)]
    return pd.DataFrame(made, index=list(counts.all_periods["period"])).T


def overdue(counts: Counts, first: str = "7MSP") -> list[tuple]:
    """Give for each period from one on: its name, end, and the figure of its overdue initial reports."""
    every = _periods(counts)
    start = next(at for at, period in enumerate(every) if period.name == first)
    return [(period.name, period.end, counts.figure("initial_reports_overdue", period)) for period in every[start:]]


def initial_reports(facts: Facts) -> pd.Series:
    """Tell of each State that was ever a party how exactly its initial report is known, by ISO3."""
    parties = facts.adherence["deposit_on"].dropna().index
    spells = facts["standings"].query("question == 'initial_report_submitted'").drop_duplicates("iso3").set_index("iso3")
    days = (spells["from_latest"] - spells["from_earliest"]).dt.days
    spans = {"day": 0, "month or shorter span": 31, "year or shorter span": 366, "longer span": 10_000}
    made = pd.cut(days, [-1, *spans.values()], labels=list(spans))
    words = facts["last_words"].query("question == 'initial_report_submitted' and basis in ('said', 'absence')")
    no = words.sort_values("about_on").drop_duplicates("iso3", keep="last").set_index("iso3")["answer"].eq("no")
    made = made.astype("str").reindex(parties)
    return made.mask(no.reindex(parties, fill_value=False), "not in on the last day told").fillna("not told")


def legislation(facts: Facts) -> pd.Series:
    """Tell of each State Party of the treaty table's last day what is known of its law, by ISO3."""
    parties = facts.ask("state_party", [facts.treaty_known_to]).sure[:, 0]
    told = facts["observations"]
    told = told[told["question"].isin(["specific_law", "existing_law_sufficient"])]
    answers = set(zip(told["iso3"], told["question"] + " " + told["answer"], strict=True))
    texts = facts["background"].query("theme == 'national_implementation'")["iso3"]
    kinds = {"specific_law yes": "specific law", "existing_law_sufficient yes": "existing law stated sufficient",
             "specific_law no": "no specific law as of a day"}

    def kind(iso3: str) -> str:
        found = next((said for answer, said in kinds.items() if (iso3, answer) in answers), None)
        return found or ("only a paraphrase" if iso3 in set(texts) else "nothing told")

    codes = [iso3 for iso3, party in zip(facts.record.states, parties, strict=True) if party]
    return pd.Series({iso3: kind(iso3) for iso3 in codes})


def document(counts: Counts, table: pd.DataFrame) -> str:
    """Write the page as Markdown; the table is that of `known`."""
    facts = counts.facts
    shares = table.apply(lambda column: column.value_counts()).reindex(
        [EXACT, BETWEEN, LEAST, WORD, WIDE, UNKNOWN]).fillna(0).astype(int).T
    lines = [
        "# How far the record reaches", "",
        "Generated by `python -m tools.record` from the tidy tables; do not edit.", "",
        "## Figures that standings can tell, by period", "",
        f"{len(table)} figures are made of questions that sources answer State by State. *Wide*: bounds farther apart than",
        f"{NARROW} and than a fifth of the upper one. *Unknown*: no value, bound or word. *Last word*: only what the last",
        "words add up to, with their day. *Share*: wide and unknown; *with last words*: these too.", "",
        *_table(["period", *shares, "share", "with last words"], [
            [name, *row, *(_percent(row[[*bad]].sum(), row) for bad in ((WIDE, UNKNOWN), (WIDE, UNKNOWN, WORD)))]
            for name, row in shares.iterrows()]),
        "", "Which are wide, unknown or told by the last word alone, and in which periods:", "",
        *_table(["figure", *(f"{kind} in" for kind in (WIDE, UNKNOWN, WORD))], [
            [f"`{name}`", *(", ".join(row.index[row == kind]) for kind in (WIDE, UNKNOWN, WORD))]
            for name, row in table.iterrows() if row.isin([WIDE, UNKNOWN, WORD]).any()]),
        "", "## Figures that standings cannot tell, by cause", "",
    ]
    causes: dict[str, list] = {}
    for name, entry in vocabulary.entries().items():
        if (why := cause(entry)) is not None:
            causes.setdefault(why, []).append(f"`{name}`")
    for why, names in causes.items():
        lines += [f"- {words()['causes'][why]} {len(names)}: {', '.join(names)}."]
    lines += ["", "## What became of the rows of the publishers", "", *_rows(facts)]
    lines += ["", "## Overdue initial reports", "",
              *_table(["period", "end", "lower", "last word", "upper", "certainly", "perhaps besides"], [
                  [name, f"{end:%Y-%m-%d}", *("" if one is None else one for one in (made.lower, made.last_word, made.upper)),
                   " ".join(made.states), " ".join(made.possible)] for name, end, made in overdue(counts)])]
    lines += ["", "## Initial report of every State that was ever a party", "", *_counted(initial_reports(facts))]
    lines += ["", "## Legislation of the States Parties", "", *_counted(legislation(facts))]
    clashes = facts["disputes"]["clash"].value_counts()
    lines += ["", "## Contradictions", "", *_table(["kind", "pairs"], [*clashes.items(), ("all", clashes.sum())])]
    pairs = facts["disputes"].drop_duplicates(["iso3", "clash"]).set_index(["iso3", "clash"])
    lines += ["", "Three of them, followed to both pages by hand:", ""]
    for one in words()["followed"]:
        pair = pairs.loc[one["iso3"], one["clash"]]
        lines += [f"- {one['iso3']}, {one['clash']} ({pair['said']}; {pair['other']}). {one['found']} <{pair['source']}>, "
                  f"<{pair['other_source']}>"]
    return "\n".join(lines) + "\n"


def _rows(facts: Facts) -> list[str]:
    tables = {name: facts[name] for name in ("observations", "disclosures", "deadlines", "activities", "background")}
    own = {name: frame[frame["row"].str.startswith(f"{FILE}:")] for name, frame in tables.items()}
    kinds = {"observations": "question", "disclosures": "indicator", "deadlines": "kind", "activities": "kind"}
    made = [[name, kind, number] for name, column in kinds.items()
            for kind, number in own[name].groupby(column)["row"].nunique().items()]
    text = own["background"]
    text = text.assign(kind=text["field"].str.replace(r"\d{4}", "YEAR", regex=True))
    rows = len(set().union(*(frame["row"] for frame in own.values())))
    return [f"Of {rows} rows {rows - len(text)} answer a question or give a value; {len(text)} stay text.", "",
            *_table(["table", "what", "rows"], made), "",
            *_table(["why it stays text", "rows", "kinds"], [
                [why, len(part), ", ".join(f"{kind} {number}" for kind, number in part.groupby("kind").size().items())]
                for why, part in text.groupby("reason")])]


def _counted(kinds: pd.Series) -> list[str]:
    return _table(["known", "States", "which"], [
        *([kind, len(part), " ".join(sorted(part.index))] for kind, part in kinds.groupby(kinds)), ["all", len(kinds), ""]])


def _percent(number: int, row: pd.Series) -> str:
    return f"{100 * number / row.sum():.0f} %"


def _table(head: list[str], rows: list) -> list[str]:
    return [f"| {' | '.join(map(str, row))} |" for row in (head, ["---"] * len(head), *rows)]


def _periods(counts: Counts) -> list[periods.Period]:
    return [periods.from_table(counts.all_periods, name) for name in counts.all_periods["period"]]


if __name__ == "__main__":
    counted = Counts(Facts())
    DOCUMENT.write_text(document(counted, known(counted)), encoding="utf-8")
    print(f"wrote {DOCUMENT.relative_to(project.ROOT)}")
