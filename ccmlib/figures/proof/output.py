"""The proof on paper: a table, JSON, a page, the draft with Word comments; and the first version of a ledger."""

import csv
import json
import sys
from pathlib import Path

import pandas as pd

from ccmlib.base import project
from ccmlib.base.outgoing import no_formula, one_line
from ccmlib.figures.proof import Proof, proof, report_figures
from ccmlib.figures.proof.reading import UnreadableDraft
from ccmlib.figures.proof.mentions import Quantity

COLUMNS = ["ref", "said", "found", "why", "severity"]
LEDGER = ["ref", "section", "statement", "value", "value_kind", "unit", "states_named", "figure_id"]
#: Length of the words of a statement in a ledger that a person has yet to write.
STATEMENT = 120


def main(file: Path, period: str = "", form: str = "text", out: Path | None = None, ledger: Path | None = None) -> int:
    """Read a draft and print what disagrees; give 1 if anything does, 2 if the draft or the period cannot be read."""
    try:
        read = proof(file, period)
        if ledger:
            sections = {f["figure_id"]: f["section"] for f in report_figures(project.REPORTS / read.period)}
            print(f"{write_ledger(read, ledger, sections)} rows in {project.shown(ledger)}, for a person to check")
    except (UnreadableDraft, FileNotFoundError, FileExistsError, ValueError) as error:
        print(f"ccm: {error}", file=sys.stderr)
        return 2
    if form == "docx":
        out = out or file.with_name(f"{file.stem}_proof.docx")
        as_docx(read, out)
        print(project.shown(out))
        return int(bool(read.findings))
    text = {"text": as_text, "json": as_json, "html": lambda read: as_html(read, file.name)}[form](read)
    if out:
        out.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    else:
        print(text)
    return int(bool(read.findings))


def table(proof: Proof) -> pd.DataFrame:
    """Give the findings as a table with `COLUMNS` and the rule."""
    return pd.DataFrame([[f.ref, f.said, f.found, f.why, f.severity, f.rule] for f in proof.findings], columns=[*COLUMNS, "rule"])


def as_text(proof: Proof) -> str:
    """Write the findings for a terminal, and in a last line how much was read."""
    lines = [f"{f.ref}: {f.said}: {f.why} [{f.severity}]" for f in proof.findings]
    draft = proof.draft
    read = f"{len(draft.quantities)} quantities and {len(draft.lists)} lists of States read, {proof.tied} tied to a figure"
    return "\n".join([*lines, f"{read}{f' of {proof.period}' if proof.period else ''}; {len(lines)} disagree"])


def as_json(proof: Proof) -> str:
    """Write the findings as JSON."""
    return json.dumps(table(proof).to_dict("records"), ensure_ascii=False, indent=1)


def as_html(proof: Proof, title: str) -> str:
    """Write the findings as a page that needs nothing else."""
    frame = pd.Series([title]).to_frame().to_html(index=False, header=False, border=0)
    return f"<!doctype html>\n<html lang=en><meta charset=utf-8><title>Proof</title>\n{frame}\n{table(proof).to_html(index=False)}\n</html>\n"


def as_docx(proof: Proof, path: Path) -> None:
    """Save the draft with a comment at each place that disagrees; a draft that is no Word file becomes one.

    Parameters
    ----------
    proof : Proof
    path : Path
        File to write.
    """
    import docx

    places = [place for passage in proof.draft.passages for place in passage.places if place is not None]
    document = places[0].part.document if places else docx.Document()
    of_passage = {}
    for passage in proof.draft.passages:
        of_passage[id(passage)] = next((p for p in passage.places if p is not None), None) or document.add_paragraph(
            passage.text if passage.ref == passage.text else f"[{passage.ref}] {passage.text}")
    for finding in proof.findings:
        paragraph = of_passage[id(finding.passage)]
        runs = paragraph.runs or [paragraph.add_run()]
        document.add_comment([runs[0], runs[-1]], f"{finding.said}: {finding.why} ({finding.severity})", "ccm proof", "ccm")
    document.save(path)


def write_ledger(proof: Proof, path: Path, sections: dict[str, str]) -> int:
    """Write what the draft prints as a ledger for a person to check; give the number of its rows.

    Parameters
    ----------
    proof : Proof
    path : Path
        Such as ``data/raw/published_figures_9MSP.csv``; never written over.
    sections : dict
        Section by figure_id.
    """
    rows = [_ledger_row(q, proof, sections) for q in proof.draft.quantities if q.kind in ("number", "time", "date", "year")]
    with path.open("x", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(LEDGER)
        writer.writerows([no_formula(one_line(cell)) for cell in row] for row in rows)
    return len(rows)


def _ledger_row(quantity: Quantity, proof: Proof, sections: dict[str, str]) -> list[str]:
    words = " ".join(proof.draft.statements[quantity].split())[:STATEMENT].strip(" ,;:.")
    counted = quantity.kind in ("number", "time")
    unit = quantity.unit or ("States" if quantity.kind == "number" else "years" if quantity.kind == "time" else "")
    named = "; ".join(quantity.names.written) if quantity.names else ""
    section = sections.get(quantity.figure_id, "")
    return [quantity.ref, section, words, quantity.value, "number" if counted else quantity.kind, unit, named, quantity.figure_id]
