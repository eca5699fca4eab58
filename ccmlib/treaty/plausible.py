"""What no single table shows: dates of one table against those of another, and States against what they joined."""

import pandas as pd

from ccmlib.base.fields import Origins
from ccmlib.base.problems import Problems
from ccmlib.base.publishers import publisher_of
from ccmlib.ingest.cells import shown
from ccmlib.ingest.dates import in_words
from ccmlib.treaty import convention
from ccmlib.treaty.adherence import by_state

#: The days of a State that others are compared with → their names here.
DAYS = {"signature_on": "signed", "deposit_on": "deposited", "entry_into_force_on": "in_force", "withdrawal_on": "withdrawn"}
#: Ends that may lie before the obligation: nothing was left to destroy when it began, or the source does not say when.
ENDED_BEFORE = ("destroyed_before_joining", "none_held", "no_longer_held")
#: Indicators of Article 6 that a State tells of itself in its report.
_OWN_REPORT = "assistance_(?:requested|received)"
#: What the remarks of a value say that was compared with the publication.
AS_PUBLISHED = "as published"
#: A value that is so many times the median of the same State's, or so small a part of it, is a slip.
MOST_TIMES = 500


def check(tables: dict[str, pd.DataFrame], origins: Origins, problems: Problems) -> None:
    """Check the tidy tables against each other."""
    if any(len(tables[name]) == 0 for name in ("states", "treaty_actions")):
        return
    broken = {problem.file for problem in problems}
    checks = _Checks(tables, origins, problems)
    checks.treaty_actions()
    # Where the depositary's table could not be read, every State would seem to be no party.
    if broken & set(tables["treaty_actions"]["row"].str.split(":").str[0]):
        return
    checks.reports()
    checks.obligations()
    checks.deadlines()
    checks.disclosures()


class _Checks:
    """The tables, and where to say what is wrong with them."""

    def __init__(self, tables: dict[str, pd.DataFrame], origins: Origins, problems: Problems):
        self.tables, self.origins, self.problems = tables, origins, problems
        names = tables["states"].set_index("iso3")["name_un"]
        self.names = names[~names.index.duplicated()]
        self.states = by_state(tables["treaty_actions"]).set_index("iso3")[list(DAYS)].rename(columns=DAYS)

    def treaty_actions(self) -> None:
        """Check that deposit follows signature and withdrawal deposit, once each, and that no day is still to come."""
        frame = self._with_dates("treaty_actions")
        deposit = ~frame["action"].isin(["signature", "withdrawal"])
        withdrawal = frame["action"] == "withdrawal"
        self._say(frame[deposit & (frame["date"] < frame["signed"])], "date", "a day not before the signature of {signed}")
        self._say(frame[withdrawal & ~(frame["date"] > frame["deposited"])], "date", "a day after the deposit")
        signature = frame["action"] == "signature"
        closed = convention.ENTRY_INTO_FORCE_ON
        late = f"a day up to {in_words(closed)}: until the Convention entered into force it was open for signature"
        self._say(frame[signature & (frame["date"] > closed)], "date", late)
        unsigned = frame["action"].isin(["ratification", "acceptance", "approval"]) & frame["signed"].isna()
        self._say(frame[unsigned], "action", "an accession, as {state} did not sign")
        signed = (frame["action"] == "accession") & frame["signed"].notna()
        self._say(frame[signed], "action", "a ratification, acceptance or approval, as {state} signed")
        future = ~withdrawal & (frame["date"] > pd.Timestamp.today().normalize())
        self._say(frame[future], "date", "a day that has passed")
        twice = deposit & frame[deposit].duplicated("iso3").reindex(frame.index, fill_value=False)
        self._say(frame[twice], "iso3", "one ratification, acceptance, approval or accession for each State")

    def reports(self) -> None:
        """Check that owed reports are of parties, after entry into force and before withdrawal, and none twice."""
        frame = self._with_dates("reports")
        owed = frame["kind"] != "voluntary"
        latest = frame["submitted_on"].fillna(frame["submitted_by"])
        earliest = frame["submitted_on"].fillna(frame["submitted_from"])
        field = frame["submitted_on"].notna().map({True: "submitted_on", False: "submitted_by"})
        never = owed & frame["deposited"].isna()
        self._say(frame[never], "iso3", "a State Party, as the report is not voluntary")
        early = owed & (latest < frame["in_force"])
        self._say(frame[early], field[early], "a day from {in_force} on, when the Convention entered into force for {state}")
        # The first annual report may also cover the year before entry into force.
        before = owed & (frame["covers_year"] < frame["in_force"].dt.year - 1)
        self._say(
            frame[before.fillna(False)], "covers_year", "a year that ends near the entry into force of {in_force}, or later"
        )
        late = earliest >= frame["withdrawn"]
        self._say(frame[late], field[late], "a day before {withdrawn}, when the withdrawal of {state} took effect")
        premature = (frame["kind"] == "annual") & (latest.dt.year < frame["covers_year"])
        self._say(frame[premature.fillna(False)], field, "a day not before the year that the report covers")
        publisher = frame["source"].map(publisher_of)
        same = frame.assign(publisher=publisher).duplicated(["iso3", "kind", "covers_year", "publisher"])
        self._say(
            frame[same & (owed | frame["covers_year"].notna())], "iso3", "one report of a kind and year from one publisher"
        )

    def obligations(self) -> None:
        """Check that obligations are of parties, end after they began and do not outlast a withdrawal."""
        frame = self._with_dates("obligations")
        self._say(frame[frame["deposited"].isna()], "iso3", "a State Party: only a party has an obligation")
        before = (frame["ended"] < frame["since"]) & ~frame["end_kind"].isin(ENDED_BEFORE)
        self._say(frame[before], "ended", "a day from {since} on, when the obligation began, or another kind of end")
        self._say(frame[frame["since"] < frame["in_force"]], "since", "a day from the entry into force of {in_force} on")
        self._say(frame[frame["since"] >= frame["withdrawn"]], "since", "a day before the withdrawal of {withdrawn}")
        self._say(frame[frame["ended"] > frame["withdrawn"]], "ended", "a day before the withdrawal of {withdrawn}")

    def deadlines(self) -> None:
        """Check that deadlines come after the obligation, and are of States that the same file lists as having it."""
        frame = self._with_dates("deadlines")
        known = self.tables["obligations"].drop_duplicates(["iso3", "article"])[["iso3", "article", "since"]]
        frame = frame.merge(known, on=["iso3", "article"], how="left", validate="m:1")
        # A file without obligations says nothing of who has one; where its sheet is wrong, that is said already.
        files = self.tables["obligations"]["row"].str.split(":").str[0]
        listed = frame["row"].str.split(":").str[0].isin(files)
        self._say(frame[listed & frame["since"].isna()], "iso3", "a State with an obligation under Article {article}")
        self._say(
            frame[frame["deadline_on"] <= frame["since"]], "deadline_on", "a day after {since}, when the obligation began"
        )

    def disclosures(self) -> None:
        """Check that who reported had joined or signed by then, and that quantities are like the State's others."""
        frame = self._with_dates("disclosures")
        joined = frame[["signed", "deposited"]].min(axis=1)
        reports = (frame["unit"] == "reported") & frame["covers_year"].notna() & (frame["value"] == 1)
        own = frame["article"].isin([3, 4, 5, 9]) | frame["indicator"].str.match(_OWN_REPORT)
        stranger = reports & own.fillna(False) & (frame["iso3"] != "") & ~(joined <= frame["as_of"])
        self._say(frame[stranger], "iso3", "a State that had signed or joined by {as_of}, as it reported")
        told = frame[(frame["iso3"] != "") & (frame["value"] > 0) & (frame["unit"] != "reported")
                     & ~frame["remarks"].str.contains(AS_PUBLISHED, regex=False)]  # fmt: skip
        things = told.groupby(["iso3", "actor", "counterpart", "indicator", "unit"])["value"]
        others = (things.transform("count") >= 3) & (things.transform("median") > 0)
        ratio = told["value"] / things.transform("median")
        much = f'a value like the others of {{state}}, or "{AS_PUBLISHED}" in the remarks'
        self._say(told[others & ((ratio > MOST_TIMES) | (ratio < 1 / MOST_TIMES))], "value", much)

    def _with_dates(self, table: str) -> pd.DataFrame:
        return self.tables[table].merge(self.states, left_on="iso3", right_index=True, how="left", validate="m:1")

    def _say(self, wrong: pd.DataFrame, column: "str | pd.Series", expected: str) -> None:
        for at in wrong.index:
            row = wrong.loc[at]
            name = column if isinstance(column, str) else column[at]
            told = {key: in_words(value) if isinstance(value, pd.Timestamp) else value for key, value in row.items()}
            state = self.names.get(row["iso3"], row["iso3"])
            self.problems.add(
                *self.origins.place(row["row"], name), found=state if name == "iso3" else f"{shown(row[name])} ({state})",
                expected=expected.format(**told, state=state),
            )
