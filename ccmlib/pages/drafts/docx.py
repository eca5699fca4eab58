"""The draft of the official document: report.docx, in the order and numbering of the Convention's progress reports.

Title block, I Introduction, II Report Summary, III Progress Report with a part for each section: its Table, its
questions for discussion, and its computed sentences, those of one subject in one numbered paragraph. Notes, and what the
report as published says otherwise, are footnotes. What is not on record, or printed only, stands in square brackets.
"""

import json
import re
from pathlib import Path

import pandas as pd

from ccmlib.figures import vocabulary
from ccmlib.figures.sentences import language_mark
from ccmlib.language.languages import Language, capital
from ccmlib.pages.drafts import paragraphs
from ccmlib.pages.drafts.word import WordDraft
from ccmlib.treaty import convention

#: Width of the three columns of a goals-and-actions table; together that of the text.
WIDTHS = [2950, 2800, 3320]
#: Bases of a published figure that names no States.
PRINTED_ONLY = ("printed only", "a zero")

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
ANNUAL_REPORTS = (
    "The annual transparency reports of the period are those for the calendar year {year}, due on {day}."
)
OPEN = "What stands in square brackets is not on record, or printed without its source: it is to be filled in or checked."


class MissingSection(FileNotFoundError):
    """The draft needs a section that was not run."""


def write_docx(stage_folder: Path, context, path: Path) -> None:
    """Write the draft of the official document from what the sections recorded.

    Parameters
    ----------
    stage_folder : Path
        Folder with ``<stem>/section.json`` of the report's sections, and ``reconciliation.csv`` where there is one.
    context : PageContext
        Its period, sections, locale, labels and date are used.
    path : Path
        File to write.

    Raises
    ------
    MissingSection
        Names the notebook whose section.json is not there.
    """
    records = read_records(Path(stage_folder), [stem for stem, _ in context.sections])
    published = read_published(Path(stage_folder))
    thematic = [record for record in records if record.get("letter")]
    summary = next((record for record in records if not record.get("letter")), {"findings": [], "notes": []})
    say = context.labels
    plan = next((record["plan"] for record in records if record.get("plan")), "")
    title = _filled(say, TITLES[bool(plan)], plan=plan)
    draft = WordDraft(say.after_colon(say("Convention on Cluster Munitions"), title[0]), context.locale)
    _title_block(draft, context, title, summary.get("meeting_days"))
    by_theme = summary_by_theme(summary, thematic)
    draft.heading(say("Introduction"), 1)
    draft.numbered(*((finding["text"], finding.get("lang", "")) for finding in by_theme.pop("", [])),
                   *said(COVERS, thematic, context))
    draft.numbered(*(text for template in (HOLDS, COUNTS, ANNUAL_REPORTS, OPEN) for text in said(template, thematic, context)))
    draft.heading(say("Report Summary"), 1)
    for theme, findings in by_theme.items():
        draft.paragraph(say.after_colon(theme, "").rstrip(), "Summary Theme")
        for finding in findings:
            draft.lettered(paragraphs.without_names(finding, say), finding.get("lang", ""))
    draft.heading(say("Progress Report for the period {start} to {end}").format(**_days(context.period, say)), 1)
    told: set[str] = set()
    for number, record in enumerate(thematic, 1):
        record["notes"] = [note for note in record["notes"] if note not in told]  # what is true of all sections is said once
        told.update(record["notes"])
        _section(draft, record, number, by_theme.get(record["title"], []), published, plan, context)
    draft.save(path)


def read_records(stage_folder: Path, stems: list[str]) -> list[dict]:
    """Read section.json of the notebooks among `stems` that the draft takes, in their order."""
    records = []
    for stem in sorted(stems):
        try:
            record = json.loads((stage_folder / stem / "section.json").read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise MissingSection(f"report.docx needs {stem}/section.json: run the notebook {stem}") from error
        records += [record] if record.get("in_draft", True) else []
    return records


def read_published(stage_folder: Path) -> pd.DataFrame:
    """Read what the report as published says, figure by figure; no rows where none is on record for the period."""
    path = stage_folder / "reconciliation.csv"
    columns = ["ref", "section", "figure_id", "published_value", "status", "explanation", "basis"]
    return pd.read_csv(path, dtype=str, keep_default_na=False)[columns] if path.exists() else pd.DataFrame(columns=columns)


def said(template: str, records: list[dict], context) -> list[tuple[str, str]]:
    """Say a sentence of the introduction; nothing where it speaks of annual reports and the period has none.

    Returns
    -------
    list of tuple
        Text, and its language where that is not the document's.
    """
    say, year = context.labels, context.period.annual_report_year
    if template == ANNUAL_REPORTS and not year:
        return []
    # A sentence that stays English has English dates and titles in it.
    text, spoken = say.speaking(template)
    titles = [record["title"] for record in records]
    values = {"sections": spoken.words(len(records)), **_days(context.period, spoken), "year": year,
              "titles": spoken.series(titles if spoken is say else map(say.original, titles)),
              "day": spoken.date(convention.annual_report_due(year)) if year else ""}
    return [(text.format(**values), language_mark(spoken, say))]


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


def _filled(say: Language, template: str, **values: str) -> tuple[str, str]:
    """Fill a template with labels, in English as a whole where it is not translated; give its language mark too."""
    text, spoken = say.speaking(template)
    return text.format(**{name: spoken(value) for name, value in values.items()}), language_mark(spoken, say)


def _title_block(draft: WordDraft, context, title: tuple[str, str], days: list[str] | None) -> None:
    period, say = context.period, context.labels
    for text in TO_FILL_IN:
        words, lang = _filled(say, text)
        draft.paragraph(words, "Title Block Right", lang)
    draft.paragraph(say("Convention on Cluster Munitions"), "Title Block")
    if period.meeting:
        when = say.span(*map(pd.Timestamp, days)) if days else say("[dates of the meeting]")
        mark = "" if say.has(period.meeting) else "en"
        draft.paragraph(capital(say(period.meeting)), "Title Block", mark)
        draft.paragraph(say.commas(filter(None, (say(period.place), when))), "Title Block", mark)
        for text in AGENDA:
            words, lang = _filled(say, text)
            draft.paragraph(words, "Title Block", lang)
    draft.paragraph(title[0], "Title", title[1])
    if period.meeting:
        words, lang = _filled(say, SUBMITTED, meeting=period.meeting)
        draft.paragraph(words, "Subtitle", lang)
    if say.notice:
        draft.paragraph(say.notice, "Subtitle")


def _section(
    draft: WordDraft, record: dict, number: int, summary: list[dict], published: pd.DataFrame, plan: str, context
) -> None:
    say, meeting = context.labels, context.period.meeting
    draft.heading(record["title"], 2)
    _action_table(draft, record, number, summary, plan, context)
    draft.heading(
        say("Questions/challenges for discussion at the {meeting}").format(meeting=say(meeting)) if meeting
        else say("Questions/challenges for discussion"), 3)
    for question in record["questions"]:
        draft.lettered(question["text"], "en")
    if not record["questions"]:
        draft.paragraph(say("[Questions to be filled in]"), "Drafting Note")
    draft.heading(
        say("Progress report on {title}: monitoring progress in the implementation of the {plan}").format(
            title=record["title"], plan=say(plan)) if plan
        else say("Progress report on {title}").format(title=record["title"]), 3)
    last = _progress(draft, record, published, say)
    # The document has no part on what falls due next, and its questions say themselves that there are none.
    elsewhere = (say("No discussion questions are recorded for this period."),
                 say("Nothing that the sources tell falls due in the next period."))
    for text in record["notes"]:
        if text not in elsewhere:
            draft.footnote(last, text) if last else draft.paragraph(text, "Drafting Note")


def _action_table(draft: WordDraft, record: dict, number: int, summary: list[dict], plan: str, context) -> None:
    """Write the table of goals, actions and state of play; where their text is not on record, the summary's sentences."""
    say = context.labels
    table = record.get("action_table")
    if not table and not plan:
        return
    printed = "en" if table else ""
    table = table or {
        "number": number, "goals": [say("[Goals of the {plan}]").format(plan=say(plan))],
        "actions": [{"action": say("[Actions of the {plan}]").format(plan=say(plan)),
                     "state_of_play": [{"text": paragraphs.without_names(finding, say), "lang": finding.get("lang", "")}
                                       for finding in summary]}]}
    actions = table["actions"] or [{"action": "[…]", "state_of_play": []}]
    rows = [[[], [(action["action"], printed)], [(line["text"], line["lang"]) for line in action["state_of_play"]]
             or [(say("[Not on record]"), "")]] for action in actions]
    rows[0][0] = [(goal, printed) for goal in table["goals"] or ["[…]"]]
    draft.table(
        say("Table {number}. {title}").format(number=table["number"], title=record["title"]),
        [say("Goals"), say("Actions"), say("State of play on {day}").format(day=context.date(context.period.end))],
        WIDTHS, rows,
    )


def _progress(draft: WordDraft, record: dict, published: pd.DataFrame, say: Language):
    """Write the section's paragraphs, its activities and what is printed only; give the last numbered paragraph."""
    own = {figure["figure_id"]: figure for figure in record["figures"]}
    last, told = None, set()
    for kind, findings in paragraphs.bundled(record["findings"], own, record.get("activities", [])):
        if kind == "list":
            for finding in findings:
                last_item = draft.lettered(finding["text"], finding.get("lang", ""))
                _footnote(draft, last_item, finding, own, published, say)
        for place, finding in enumerate(findings if kind == "paragraph" else []):
            if place:
                draft.add(last, finding["text"], finding.get("lang", ""))
            else:
                last = draft.numbered((finding["text"], finding.get("lang", "")))
            _footnote(draft, last, finding, own, published, say)
        told.update(key for finding in findings for key in finding["figures"])
    for text in paragraphs.told(record.get("activities", [])):
        last = draft.numbered((text, "en"))
    printed = published[_printed_only(published) & (published["section"] == record["section"])
                        & published["ref"].str.startswith("para") & ~published["figure_id"].isin(told)]
    items = [f"[{_number_of(row, say)} ({say.reference(row.ref)})]"
             for row in printed.drop_duplicates("figure_id", keep="last").itertuples()]
    if items:
        text = say("The report as published also counts, without a source on record: {figures}.")
        last = draft.numbered((text.format(figures=say.series(items)), ""))
    return last


def _printed_only(published: pd.DataFrame) -> pd.Series:
    """Tell which published figures no record can bear out."""
    return (published["status"] == "not itemised") & published["basis"].isin(PRINTED_ONLY)


def _number_of(row, say: Language) -> str:
    """Write what a published figure says: its number in words, and what is counted."""
    entry, value = vocabulary.find(row.figure_id), int(float(row.published_value))
    label = say.plural(entry.label["one"], entry.label["many"], value)
    return f"{say.words(value)} {label.format(**entry.fills)}"


def _footnote(draft: WordDraft, paragraph, finding: dict, own: dict, published: pd.DataFrame, say: Language) -> None:
    """Add the notes of a finding's figures, and what the report as published says of them, as one footnote."""
    notes = [own[key]["note"] for key in finding["figures"] if own.get(key, {}).get("note")]
    rows = published[published["figure_id"].isin(finding["figures"])]
    rows = rows[(rows["status"] == "differs") | _printed_only(rows)]
    for (value, _), found in rows.groupby(["published_value", "figure_id"], sort=False):
        _, *further = re.split(r"[.\u3002] ", max(found["explanation"], key=len), maxsplit=1)
        why = "".join(further).replace("the rows", "the records")
        why = re.sub(r"\d{4}-\d\d-\d\d", lambda day: say.date(day[0]), why)
        refs = say.series(map(say.reference, dict.fromkeys(found["ref"])))
        notes = [note for note in notes if note not in why]
        notes += [say("In the report as published: {value} ({refs}).").format(value=value, refs=refs), *filter(None, [why])]
    if notes:
        draft.footnote(paragraph, " ".join(dict.fromkeys(notes)))


def _days(period, language: Language) -> dict[str, str]:
    return {"start": language.date(period.start), "end": language.date(period.end)}
