"""The proof on paper: a table, JSON, a page, the draft with Word comments; and the first version of a ledger."""

import sys
from pathlib import Path

import docx
import pandas as pd

from ccmlib.base import project
from ccmlib.base.outgoing import no_formula, one_line
from ccmlib.figures.proof import proof, report_figures
from ccmlib.figures.proof.rules import Draft, Finding

LEDGER = ["ref", "section", "statement", "value", "value_kind", "unit", "states_named", "figure_id"]
#: A kind of quantity as a ledger names it, and its unit.
KINDS = {"number": ("number", "States"), "time": ("number", "years"), "date": ("date", ""), "year": ("year", "")}
#: Length of the words of a statement in a ledger that a person has yet to write.
STATEMENT = 120


def main(file: Path, period: str = "", form: str = "text", out: Path | None = None, ledger: Path | None = None) -> int:
    """Read a draft and print what disagrees; give 1 if anything does, 2 if the draft or the period cannot be read."""
    try:
        read = proof(file, period)
        if ledger:
            print(f"{write_ledger(read, ledger)} rows in {project.shown(ledger)}, for a person to check")
    except (OSError, ValueError) as error:
        print(f"ccm: {project.refused(error) if isinstance(error, OSError) else error}", file=sys.stderr)
        return 2
    if form == "docx":
        out = out or file.with_name(f"{file.stem}_proof.docx")
        as_docx(read, out)
        print(project.shown(out))
    else:
        text = as_text(read) if form == "text" else as_table(read, file.name, form)
        if out:
            out.write_text(f"{text}\n", encoding="utf-8", newline="\n")
        else:
            print(text)
    return int(bool(read.findings))


def as_text(draft: Draft) -> str:
    """Write the findings for a terminal, and in a last line how much was read."""
    lines = [f"{f.ref}: {f.said}: {f.why} [{f.severity}]" for f in draft.findings]
    read = f"{len(draft.quantities)} quantities and {len(draft.lists)} lists of States read"
    tied = f"{sum(bool(q.figure_id) for q in draft.quantities)} tied to a figure{draft.period and f' of {draft.period}'}"
    return "\n".join([*lines, f"{read}, {tied}; {len(lines)} disagree"])


def as_table(draft: Draft, title: str, form: str) -> str:
    """Write the findings as JSON, or as a page that needs nothing else."""
    frame = pd.DataFrame(draft.findings, columns=Finding._fields).drop(columns="passage")
    if form == "json":
        return frame.to_json(orient="records", force_ascii=False, indent=1)
    head = pd.DataFrame([title]).to_html(index=False, header=False, border=0)
    page = f"{head}\n{frame.to_html(index=False)}\n</html>"
    return f"<!doctype html>\n<html lang=en><meta charset=utf-8><title>Proof</title>\n{page}"


def as_docx(draft: Draft, path: Path) -> None:
    """Save the draft with a comment at each place that disagrees; a draft that is no Word file becomes one."""
    document = next((place.part.document for passage in draft.passages for place in passage.places), None) or docx.Document()
    paragraphs = {}
    for passage in draft.passages:
        text = passage.text if passage.ref.endswith(passage.text) else f"[{passage.ref}] {passage.text}"
        paragraphs[passage] = passage.places[0] if passage.places else document.add_paragraph(text)
    for finding in draft.findings:
        runs = paragraphs[finding.passage].runs or [paragraphs[finding.passage].add_run()]
        document.add_comment([runs[0], runs[-1]], f"{finding.said}: {finding.why} ({finding.severity})", "ccm proof", "ccm")
    document.save(path)


def write_ledger(draft: Draft, path: Path) -> int:
    """Write what the draft prints as a ledger to be checked, never over another; give the number of rows."""
    sections = {figure["figure_id"]: figure["section"] for figure in report_figures(project.REPORTS / draft.period)}
    rows = []
    for q in (q for q in draft.quantities if q.kind in KINDS):
        kind, unit = KINDS[q.kind]
        words = " ".join(q.says.split())[:STATEMENT].strip(" ,;:.")
        named = "; ".join(q.names.written) if q.names else ""
        rows.append([q.ref, sections.get(q.figure_id, ""), words, q.value, kind, q.unit or unit, named, q.figure_id])
    frame = pd.DataFrame(rows, columns=LEDGER).map(one_line).map(no_formula)
    frame.to_csv(path, mode="x", index=False, lineterminator="\n")
    return len(rows)
