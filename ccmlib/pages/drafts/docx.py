"""The draft of the official document: report.docx, in the order and numbering of the Convention's progress reports.

Title block, I Introduction, II Report Summary, III Progress Report with a part for each section: its Table, its
questions for discussion, and its computed sentences as paragraphs numbered through the document. The drafter edits
words, not numbers.
"""

import json
import re
from pathlib import Path

from ccmlib.figures.sentences import language_mark
from ccmlib.language.languages import Language
from ccmlib.pages.drafts.word import Draft
from ccmlib.treaty import convention

#: Notebooks of the official report; the others (reconciliation, trends) are not part of it.
PARTS_OF_REPORT = re.compile(r"0[0-7]_")
#: Width of the three columns of a goals-and-actions table; together that of the text.
WIDTHS = [2950, 2800, 3320]
#: Reference to a lettered item of a paragraph, such as ``para 30(f)``.
ITEM = re.compile(r"(para \d+)\s*\(\w+\)")


#: Sentences of the introduction.
COVERS = "This draft covers the period from {start} to {end}. Changes after that day are not reflected."
HOLDS = (
    "Its numbers and lists of States are computed from the exports of the treaty's status table and of the trackers. "
    "It holds {figures} figures in {sections} sections: {titles}."
)
COUNTS = (
    "A State is counted as a State Party from the day on which it deposits its instrument of ratification, acceptance, "
    "approval or accession until a withdrawal takes effect."
)
ANNUAL_REPORTS = (
    "The annual transparency reports of the period are those for the calendar year {year}, due on {day}."
)
OPEN = "For {count} of the figures the exports hold no rows that could answer for the period; they are left open."


class MissingSection(FileNotFoundError):
    """The draft needs a section that was not run."""


def write_docx(stage_folder: Path, context, path: Path) -> None:
    """Write the draft of the official document from what the sections recorded.

    Parameters
    ----------
    stage_folder : Path
        Folder with ``<stem>/section.json`` of the notebooks 00 to 07.
    context : PageContext
        Its period, sections, locale, labels, date and previous are used.
    path : Path
        File to write.

    Raises
    ------
    MissingSection
        Names the notebook whose section.json is not there.
    """
    records = read_records(Path(stage_folder), [stem for stem, _ in context.sections])
    thematic = [record for record in records if record.get("letter")]
    summary = next((record for record in records if not record.get("letter")), {"findings": [], "notes": []})
    say = context.labels
    title = say("Draft progress report, computed from the exports on data to {day}").format(
        day=context.date(context.period.end))
    draft = Draft(f"{say('Convention on Cluster Munitions')}: {title}", context.locale)
    _title_block(draft, context, title)
    draft.heading(say("Introduction"), 1)
    for text, lang in introduction(thematic, context):
        draft.numbered(text, lang)
    by_theme = summary_by_theme(summary, thematic)
    for finding in by_theme.pop("", []):
        draft.numbered(finding["text"], finding.get("lang", ""))
    draft.heading(say("Report Summary"), 1)
    for title, findings in by_theme.items():
        draft.paragraph(f"{title}:", "Summary Theme")
        for finding in findings:
            draft.lettered(finding["text"], finding.get("lang", ""))
    for text in summary["notes"]:
        draft.paragraph(text, "Drafting Note")
    days = _days(context.period, say)
    draft.heading(say("Progress Report for the period {start} to {end}").format(**days), 1)
    for record in thematic:
        _section(draft, record, context)
    draft.save(path)


def read_records(stage_folder: Path, stems: list[str]) -> list[dict]:
    """Read section.json of the report's notebooks among `stems`, in their order."""
    records = []
    for stem in sorted(filter(PARTS_OF_REPORT.match, stems)):
        try:
            records.append(json.loads((stage_folder / stem / "section.json").read_text(encoding="utf-8")))
        except FileNotFoundError as error:
            raise MissingSection(f"report.docx needs {stem}/section.json: run the notebook {stem}") from error
    return records


def introduction(records: list[dict], context) -> list[tuple[str, str]]:
    """Say in sentences what the draft covers, how it counts, and what the exports could not answer.

    Returns
    -------
    list of tuple
        Text, and its language where that is not the document's.
    """
    say, period = context.labels, context.period
    figures = {figure["figure_id"]: figure for record in records for figure in record["figures"]}
    missing = sum(figure["value"] is None for figure in figures.values())

    titles = [record["title"] for record in records]
    counts = {"figures": len(figures), "sections": len(records), "count": missing}
    templates = [COVERS, HOLDS, COUNTS]
    year = period.annual_report_year
    if year:
        templates.append(ANNUAL_REPORTS)
    if missing:
        templates.append(OPEN)
    said = []
    for template in templates:
        # A sentence that stays English has English dates and titles in it.
        text, spoken = say.speaking(template)
        values = {**counts, **_days(period, spoken)}
        values["titles"] = spoken.series(titles if spoken is say else map(say.original, titles))
        if year:
            values |= {"year": year, "day": spoken.date(convention.annual_report_due(year))}
        said.append((text.format(**values), language_mark(spoken, say)))
    return said


def summary_by_theme(summary: dict, thematic: list[dict]) -> dict[str, list[dict]]:
    """Sort the summary's sentences by the section whose figures they quote; those on the report as a whole under "".

    Returns
    -------
    dict of str to list of dict
        Title of the section → findings, in the order of the sections.
    """
    title_of = {figure["figure_id"]: record["title"] for record in thematic for figure in record["figures"]}
    by_theme = {title: [] for title in ("", *(record["title"] for record in thematic))}
    for finding in summary["findings"]:
        by_theme[next((title_of[key] for key in finding["figures"] if key in title_of), "")].append(finding)
    return {title: findings for title, findings in by_theme.items() if findings}


def _title_block(draft: Draft, context, title: str) -> None:
    period, say = context.period, context.labels
    draft.paragraph(say("Convention on Cluster Munitions"), "Title Block")
    for text in (period.meeting, period.place):
        if text:
            draft.paragraph(say(text), "Title Block", "" if say.has(text) else "en")
    draft.paragraph(title, "Title")
    draft.paragraph(say("Period {start} to {end}").format(**_days(period, say)), "Subtitle")
    if say.notice:
        draft.paragraph(say.notice, "Subtitle")


def _section(draft: Draft, record: dict, context) -> None:
    say, meeting = context.labels, context.period.meeting
    draft.heading(record["title"], 2)
    table = record.get("action_table")
    if table:
        _action_table(draft, record, table, context)
    draft.heading(
        say("Questions/challenges for discussion at the {meeting}").format(meeting=say(meeting)) if meeting
        else say("Questions/challenges for discussion"), 3)
    for question in record["questions"]:
        draft.lettered(question["text"], "en")
    nothing_asked = say("No discussion questions are recorded for this period.")
    if not record["questions"]:
        draft.paragraph(nothing_asked, "Drafting Note")
    plan = table["plan"] if table else ""
    draft.heading(
        say("Progress report on {title}: monitoring progress in the implementation of the {plan}").format(
            title=record["title"], plan=say(plan)) if plan
        else say("Progress report on {title}").format(title=record["title"]), 3)
    _progress(draft, record["findings"])
    # The document has no part on what falls due next.
    elsewhere = (nothing_asked, say("Nothing that the exports know of falls due in the next period."))
    for text in record["notes"]:
        if text not in elsewhere:
            draft.paragraph(text, "Drafting Note")


def _action_table(draft: Draft, record: dict, table: dict, context) -> None:
    say = context.labels
    actions = table["actions"] or [{"action": "–", "state_of_play": []}]
    rows = [[[], [action["action"]], action["state_of_play"] or ["–"]] for action in actions]
    rows[0][0] = table["goals"] or ["–"]
    draft.table(
        say("Table {number}. {title}").format(number=table["number"], title=record["title"]),
        [say("Goals"), say("Actions"), say("State of play on {day}").format(day=context.date(context.period.end))],
        WIDTHS, rows, langs=["en", "en", ""],
    )


def _progress(draft: Draft, findings: list[dict]) -> None:
    """Write the findings as numbered paragraphs, and as lettered items where they answer items of the one before."""
    paragraph = set()
    for finding in findings:
        items = {match[1] for match in map(ITEM.fullmatch, finding["refs"]) if match}
        if items and items == items & paragraph:
            draft.lettered(finding["text"], finding.get("lang", ""))
        else:
            paragraph = set(finding["refs"])
            draft.numbered(finding["text"], finding.get("lang", ""))


def _days(period, language: Language) -> dict[str, str]:
    return {"start": language.date(period.start), "end": language.date(period.end)}
