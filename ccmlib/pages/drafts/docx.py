"""The draft of the official document: report.docx, in the order and numbering of the Convention's progress reports.

Title block, I Introduction, II Report Summary, III Progress Report with a part for each section: its Table, its
questions for discussion, and its computed sentences, those of one subject in one numbered paragraph. Notes, and what the
report as published says otherwise, are footnotes. What is not on record, or printed only, stands in square brackets.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pandas as pd

from ccmlib.figures import vocabulary
from ccmlib.figures.sentences import language_mark
from ccmlib.language.languages import Language, capital
from ccmlib.pages.drafts.word import LETTERED, Text, WordDraft
from ccmlib.treaty import convention

NUMBERED = "List Number"
#: Bases of a published figure that names no States.
PRINTED_ONLY = ("printed only", "a zero")
#: Characters that a paragraph of several sentences holds at most; sentences of one kind from which on they are a list.
LONGEST, LIST = 700, 3

#: Lines of the title block; titles without and with an action plan.
TO_FILL_IN = ("[Symbol]", "[Date]", "Original: [language]")
AGENDA = ("Item [number] of the [provisional] agenda", "[Title of the item]")
TITLES = ("Progress Report", "Progress Report: monitoring progress in implementing the {plan}")
SUBMITTED = "Submitted by the President of the {meeting}"
#: Sentences of the introduction.
COVERS = "Changes after {end} are not reflected in it."
HOLDS = (
    "The numbers and lists of States are computed from the depositary's record, the reports of States Parties and what other "
    "publishers print. The draft has {sections} sections: {titles}."
)
COUNTS = (
    "A State is counted as a State Party from the day on which it deposits its instrument of ratification, acceptance, "
    "approval or accession until a withdrawal takes effect."
)
ANNUAL_REPORTS = "The annual transparency reports of the period are those for the calendar year {year}, due on {day}."
OPEN = "What stands in square brackets is not on record, or printed without its source: it is to be filled in or checked."


def write_docx(stage_folder: Path, context, path: Path) -> None:
    """Write the draft from ``<stem>/section.json`` of the sections of a `PageContext`, and ``reconciliation.csv`` if there."""
    files = [stage_folder / stem / "section.json" for stem, _ in sorted(context.sections)]
    records = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    published = pd.DataFrame(columns=["ref", "section", "figure_id", "published_value", "status", "explanation", "basis"])
    if (stage_folder / "reconciliation.csv").exists():
        published = pd.read_csv(stage_folder / "reconciliation.csv", dtype=str, keep_default_na=False)
    ReportDraft(context, [record for record in records if record.get("in_draft", True)], published).save(path)


class ReportDraft(WordDraft):
    """The draft of one period, from the records of its sections and what the report as published says."""

    def __init__(self, context, records: list[dict], published: pd.DataFrame):
        self.period, self.language, self.published = context.period, context.labels, published
        self._noted = published[(published["status"] == "differs") | _printed_only(published)]
        self.sections = [record for record in records if record.get("letter")]
        self.plan = next((record["plan"] for record in records if record.get("plan")), "")
        title = self.say(TITLES[bool(self.plan)])
        convention_title = self.say("Convention on Cluster Munitions")
        super().__init__(self.language.after_colon(convention_title[0], title[0]), self.language.code)
        summary = next((record for record in records if not record.get("letter")), {"findings": []})
        self._title_block(convention_title, title, summary.get("meeting_days"))
        by_theme = summary_by_theme(summary["findings"], self.sections)
        self.add("Heading 1", self.say("Introduction"))
        self.add(NUMBERED, *map(_text, by_theme.pop("", [])), self.say(COVERS))
        annual = [ANNUAL_REPORTS] if self.period.annual_report_year else []
        self.add(NUMBERED, *map(self.say, (HOLDS, COUNTS, *annual, OPEN)))
        self.add("Heading 1", self.say("Report Summary"))
        for theme, findings in by_theme.items():
            self.add("Summary Theme", (self.language.after_colon(theme, "").rstrip(), ""))
            self.each(LETTERED, [without_names(finding, self.language) for finding in findings])
        self.add("Heading 1", self.say("Progress Report for the period {start} to {end}"))
        # Notes that are not to be told (again): the document has no part on what falls due next, and its questions say
        # themselves that there are none.
        self._told = {self.language.text("No discussion questions are recorded for this period."),
                      self.language.text("Nothing that the sources tell falls due in the next period.")}
        for number, record in enumerate(self.sections, 1):
            self._section(record, number, by_theme.get(record["title"], []))

    def say(self, template: str, **more) -> Text:
        """Fill a template; one that is not translated is English as a whole, with English dates and titles in it."""
        text, spoken = self.language.speaking(template)
        period, titles = self.period, [record["title"] for record in self.sections]
        year = period.annual_report_year
        values = {
            "start": spoken.date(period.start), "end": spoken.date(period.end), "year": year,
            "day": spoken.date(convention.annual_report_due(year)) if year else "",
            "plan": spoken(self.plan), "meeting": spoken(period.meeting), "sections": spoken.words(len(titles)),
            "titles": spoken.series(titles if spoken is self.language else map(self.language.original, titles)),
        }
        return text.format(**values | more), language_mark(spoken, self.language)

    def _title_block(self, head: Text, title: Text, days: list[str] | None) -> None:
        period, language = self.period, self.language
        self.each("Title Block Right", map(self.say, TO_FILL_IN))
        self.add("Title Block", head)
        if period.meeting:
            when = language.span(*map(pd.Timestamp, days)) if days else language.text("[dates of the meeting]")
            lines = capital(language(period.meeting)), language.commas(filter(None, (language(period.place), when)))
            mark = "" if language.has(period.meeting) else "en"
            self.each("Title Block", [*((line, mark) for line in lines), *map(self.say, AGENDA)])
        self.add("Title", title)
        self.each("Subtitle", [self.say(SUBMITTED)] if period.meeting else [])
        self.each("Subtitle", [(language.notice, "")] if language.notice else [])

    def _section(self, record: dict, number: int, summary: list[dict]) -> None:
        title = record["title"]
        self.add("Heading 2", (title, ""))
        self._action_table(record, number, summary)
        self.add("Heading 3", self.say("Questions/challenges for discussion at the {meeting}" if self.period.meeting
                                       else "Questions/challenges for discussion"))
        self.each(LETTERED, [(question["text"], "en") for question in record["questions"]])
        if not record["questions"]:
            self.add("Drafting Note", self.say("[Questions to be filled in]"))
        self.add("Heading 3", self.say(
            "Progress report on {title}: monitoring progress in the implementation of the {plan}" if self.plan
            else "Progress report on {title}", title=title))
        last = self._progress(record)
        for note in (note for note in record["notes"] if note not in self._told):
            if last:
                self.footnote(last, note)
            else:
                self.add("Drafting Note", (note, ""))
        self._told.update(record["notes"])

    def _action_table(self, record: dict, number: int, summary: list[dict]) -> None:
        """Write the table of goals, actions and state of play; where their text is not on record, the summary's sentences."""
        table = record.get("action_table")
        if not table and not self.plan:
            return
        if table:
            number, goals = table["number"], [(goal, "en") for goal in table["goals"]]
            actions = [((one["action"], "en"), [(line["text"], line["lang"]) for line in one["state_of_play"]])
                       for one in table["actions"]]
        else:
            goals = [self.say("[Goals of the {plan}]")]
            actions = [(self.say("[Actions of the {plan}]"), [without_names(finding, self.language) for finding in summary])]
        rows = [[[], [action], state or [self.say("[Not on record]")]] for action, state in actions or [(("[…]", ""), [])]]
        rows[0][0] = goals or [("[…]", "")]
        last_day = self.language.date(self.period.end)
        headings = self.say("Goals"), self.say("Actions"), self.say("State of play on {day}", day=last_day)
        self.table(self.say("Table {number}. {title}", number=number, title=record["title"]), headings, rows)

    def _progress(self, record: dict):
        """Write the section's paragraphs, its activities and what is printed only; give the last numbered paragraph."""
        figures = {figure["figure_id"]: figure for figure in record["figures"]}
        activities, last, counted = record.get("activities", []), None, set()
        for style, findings in bundled(record["findings"], figures, {activity["row"] for activity in activities}):
            paragraph = self.add(style)
            last = paragraph if style == NUMBERED else last
            for finding in findings:
                self.write(paragraph, *_text(finding))
                self._footnote(paragraph, finding, figures)
                counted.update(finding["figures"])
        for text in told(activities):
            last = self.add(NUMBERED, (text, "en"))
        printed = self.published[_printed_only(self.published) & self.published["section"].eq(record["section"])]
        printed = printed[printed["ref"].str.startswith("para") & ~printed["figure_id"].isin(counted)]
        items = [f"[{self._number_of(row)} ({self.language.reference(row.ref)})]"
                 for row in printed.drop_duplicates("figure_id", keep="last").itertuples()]
        if items:
            said = self.say("The report as published also counts, without a source on record: {figures}.",
                            figures=self.language.series(items))
            last = self.add(NUMBERED, said)
        return last

    def _number_of(self, row) -> str:
        """Write what a published figure says: its number in words, and what is counted."""
        entry, value = vocabulary.find(row.figure_id), int(float(row.published_value))
        label = self.language.plural(entry.label["one"], entry.label["many"], value)
        return f"{self.language.words(value)} {label.format(**entry.fills)}"

    def _footnote(self, paragraph, finding: dict, figures: dict) -> None:
        """Add the notes of a finding's figures, and what the report as published says of them, as one footnote."""
        notes = [figures[key]["note"] for key in finding["figures"] if figures.get(key, {}).get("note")]
        rows = self._noted[self._noted["figure_id"].isin(finding["figures"])]
        for (value, _), found in rows.groupby(["published_value", "figure_id"], sort=False):
            _, *further = re.split(r"[.\u3002] ", max(found["explanation"], key=len), maxsplit=1)
            why = "".join(further).replace("the rows", "the records")
            why = re.sub(r"\d{4}-\d\d-\d\d", lambda day: self.language.date(day[0]), why)
            refs = self.language.series(map(self.language.reference, dict.fromkeys(found["ref"])))
            printed = self.language.text("In the report as published: {value} ({refs}).").format(value=value, refs=refs)
            notes = [*(note for note in notes if note not in why), printed, *filter(None, [why])]
        if notes:
            self.footnote(paragraph, " ".join(dict.fromkeys(notes)))


def _text(finding: dict) -> Text:
    return finding["text"], finding.get("lang", "")


def _printed_only(published: pd.DataFrame) -> pd.Series:
    """Tell which published figures no record can bear out."""
    return (published["status"] == "not itemised") & published["basis"].isin(PRINTED_ONLY)


def summary_by_theme(findings: list[dict], sections: list[dict]) -> dict[str, list[dict]]:
    """Sort the summary's sentences by the title of the section whose figures they quote; those on the whole under ""."""
    title_of = {figure["figure_id"]: record["title"] for record in sections for figure in record["figures"]}
    by_theme = {title: [] for title in ("", *(record["title"] for record in sections))}
    for finding in findings:
        by_theme[next((title_of[key] for key in finding["figures"] if key in title_of), "")].append(finding)
    return {title: findings for title, findings in by_theme.items() if findings}


def bundled(findings: list[dict], figures: dict[str, dict], listed: set[str]) -> list[tuple[str, list[dict]]]:
    """Put findings into paragraphs and items of lists, in their order: the style of each, and its findings.

    Findings of one cell of a notebook are of one subject. Those that say nothing but what the listed rows of activities say
    in full are left out. Three or more on the same thing, year by year, are a list.
    """
    def in_list(finding: dict) -> bool:
        rows = {row for key in finding["figures"] for row in figures.get(key, {}).get("rows", ["?"])}
        return bool(rows) and rows <= listed

    def kind(finding: dict) -> tuple[str, str]:
        return finding["cell"], re.sub(r"\d{4}", "#", " ".join(finding["figures"]))

    kept = [finding for finding in findings if not in_list(finding)]
    times, made = Counter(map(kind, kept)), []
    for (_, item), alike in groupby(kept, lambda one: (one["cell"], "#" in kind(one)[1] and times[kind(one)] >= LIST)):
        made += [(LETTERED, [one]) for one in alike] if item else [(NUMBERED, part) for part in packed(alike)]
    return made


def packed(sentences: Iterable[dict]) -> list[list[dict]]:
    """Put sentences into paragraphs that are no longer than they may be."""
    made: list[list[dict]] = []
    for sentence in sentences:
        if made and sum(len(one["text"]) for one in made[-1]) + len(sentence["text"]) <= LONGEST:
            made[-1].append(sentence)
        else:
            made.append([sentence])
    return made


def told(activities: list[dict]) -> list[str]:
    """Tell activities in paragraphs: those that answer one action of the plan together, the others after them."""
    made = []
    ordered = sorted(activities, key=lambda one: (not one["action"], one["action"]))
    for action, own in groupby(ordered, itemgetter("action")):
        first, *rest = own
        text = first["text"]
        first = {"text": f"{action}, {text[0].lower()}{text[1:]}" if action else text}
        made += [" ".join(one["text"] for one in part) for part in packed([first, *rest])]
    return made


def without_names(finding: dict, language: Language) -> Text:
    """Give a finding's first sentence without the States it lists; of one that names none, all of it."""
    text, lang = _text(finding)
    if finding.get("states"):
        first = text.split(f"{language.full_stop} ")[0].removesuffix(language.full_stop)
        first = first.partition(language.after_colon("", ""))[0]
        text = first.removesuffix(language.text("{sentence}, for certain").removeprefix("{sentence}")) + language.full_stop
    return text, lang
