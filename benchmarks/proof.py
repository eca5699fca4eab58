"""How well the proof-reader reads: a report against its ledger, the drafts of the tests against what is wrong in them.

    python -m benchmarks.proof REPORT data/raw/published_figures_6MSP.csv

Prints, for the report: the share of the ledger's quantities found with value and reference, of its lists of States
found exactly, of its rows tied to the right figure_id (with what a made report holds, and by words alone); the
contradictions found, and the alarms that no row of the ledger bears out. What contradicts is derived: rows that differ
from the made report, or from another row of their figure, or that the relations between figures do not let stand.
"""

import csv
import sys
from collections import defaultdict
from pathlib import Path

import yaml

from ccmlib.base.names import StateNames
from ccmlib.figures import proof as proofs
from ccmlib.figures.relations import Printed, tensions

DRAFTS = Path(__file__).parents[1] / "tests" / "figures" / "drafts"
WORDS_A_PAGE = 500


def report(file: Path, ledger: Path) -> dict[str, str]:
    """Score the reading of a report by its ledger."""
    with ledger.open(encoding="utf-8", newline="") as rows:
        rows = list(csv.DictReader(rows))
    names = StateNames.from_raw()
    for row in rows:
        row["states"] = [names.resolve(name) for name in row["states_named"].split("; ")] if row["states_named"] else []
    period = ledger.stem.removeprefix("published_figures_")
    proof = proofs.proof(file, period=period)
    figures = proofs.report_figures(proofs.project.REPORTS / period)
    blank = [figure | {"value": "", "states": []} for figure in figures]
    read = [(q.ref, q.value) for q in proof.quantities] + [(n.ref, str(len(n.states))) for n in proof.lists]
    found = sum(any(ref == row["ref"] and _same(row["value"], value) for ref, value in read) for row in rows)
    lists = [row for row in rows if row["states"]]
    exact = sum(
        any(
            n.ref == row["ref"]
            and (
                sorted(n.states) == sorted(row["states"]) or (len(row["states"]) == 1 and row["states"][0] in n.states)
            )
            for n in proof.lists
        )
        for row in lists
    )
    known = {figure["figure_id"] for figure in figures}
    wrong = contradictions(rows, {figure["figure_id"]: figure for figure in figures})
    places = {(row["ref"], row["value"]) for group in wrong for row in group} | tense(
        rows, {f["figure_id"]: f for f in figures}
    )
    borne = [f for f in proof.findings if _borne_out(f, rows, places)]
    told = {(f.ref, f.said) for f in proof.findings}
    caught = [
        g for g in wrong if any(row["ref"] == ref and _same(row["value"], said) for row in g for ref, said in told)
    ]
    words = sum(len(passage.text.split()) for passage in proof.passages)
    return {
        "quantities found": _share(found, len(rows)),
        "lists exact": _share(exact, len(lists)),
        "tied, of all rows": _share(_tied(rows, proof.quantities), len(rows)),
        "tied, of rows with a figure in the vocabulary": _share(
            _tied([r for r in rows if r["figure_id"] in known], proof.quantities),
            sum(r["figure_id"] in known for r in rows),
        ),
        "tied by words alone": _share(_tied(rows, proofs.proof(file, period, blank).quantities), len(rows)),
        "contradictions found": _share(len(caught), len(wrong)),
        "alarms": f"{len(proof.findings)}, of which {len(proof.findings) - len(borne)} not borne out, "
        f"on {words / WORDS_A_PAGE:.0f} pages",
        "not found": "; ".join(f"{g[0]['ref']} {g[0]['figure_id']}" for g in wrong if g not in caught),
        "not borne out": "; ".join(f"{f.ref} {f.said} {f.rule}" for f in proof.findings if f not in borne),
    }


def _borne_out(finding, rows: list[dict], places: set) -> bool:
    """Tell whether the ledger bears out an alarm: at its place, and for the figure that it is about."""
    here = {row["figure_id"] for row in rows if row["ref"] == finding.ref and _same(row["value"], finding.said)}
    there = {row["figure_id"] for row in rows if row["ref"] == finding.other and _same(row["value"], finding.found)}
    about = {"data": {finding.other} & here, "numb": there & here, "list": there & here}.get(finding.rule[:4], here)
    return bool(about) and any(finding.ref == ref and _same(value, finding.said) for ref, value in places)


def contradictions(rows: list[dict], figures: dict[str, dict]) -> list[list[dict]]:
    """Give the rows of each figure that cannot all be right."""
    groups = defaultdict(list)
    for row in rows:
        groups[row["figure_id"]].append(row)
    wrong = []
    for key, group in groups.items():
        figure = figures.get(key, {})
        lists = {tuple(sorted(row["states"])) for row in group if row["states"]}
        own = tuple(sorted(figure.get("states") or []))
        unequal = [
            row
            for row in group
            if figure.get("value") and row["value"] != "" and not _same(row["value"], figure["value"])
        ]
        if len({row["value"] for row in group if row["value_kind"] == "number"}) > 1 or len(lists) > 1:
            wrong.append(group)
        elif unequal or (own and lists and lists != {own}):
            wrong.append(unequal or [row for row in group if row["states"]])
    return wrong


def tense(rows: list[dict], figures: dict[str, dict]) -> set[tuple[str, str]]:
    """Give the places of rows that do not go together by the relations between figures."""
    printed = [
        Printed(n, row["ref"], row["figure_id"], row["value"], tuple(row["states"])) for n, row in enumerate(rows)
    ]
    return {(rows[n]["ref"], rows[n]["value"]) for n in tensions(printed, figures, str)}


def drafts() -> dict[str, str]:
    """Score the reading of the drafts of the tests."""
    total = defaultdict(int)
    expected = yaml.safe_load((DRAFTS / "expected.yml").read_text(encoding="utf-8"))
    for file, truth in expected.items():
        proof = proofs.proof(DRAFTS / file, figures=made(truth))
        values = {(q.ref, q.value) for q in proof.quantities}
        lists = {(n.ref, " ".join(n.states)) for n in proof.lists}
        at = [(f.ref, f.rule) for f in proof.findings]
        borne = [f for f in at if any(f[1] == rule and f[0] in ref.split(" or ") for ref, rule in truth["faults"])]
        caught = sum(any(rule == f[1] and f[0] in ref.split(" or ") for f in at) for ref, rule in truth["faults"])
        for key, part, whole in [
            (
                "quantities",
                sum(tuple(q) in values for q in truth.get("quantities", [])),
                len(truth.get("quantities", [])),
            ),
            ("lists", sum(tuple(n) in lists for n in truth.get("lists", [])), len(truth.get("lists", []))),
            ("faults", caught, len(truth["faults"])),
        ]:
            total[key] += part
            total[f"{key} of"] += whole
        false = "false in sound drafts" if file.startswith("sound") else "false in faulty drafts"
        total[false] += len(at) - len(borne)
        total["most false in one draft"] = max(total["most false in one draft"], len(at) - len(borne))
    scores = {key: _share(total[key], total[f"{key} of"]) for key in ("quantities", "lists", "faults")}
    return scores | {key: str(value) for key, value in total.items() if "false" in key}


def made(truth: dict) -> list[dict]:
    """Give the figures of a report of the draft's day, where the draft has one: the vocabulary, with values and States."""
    if "figures" not in truth:
        return []
    figures = {figure["figure_id"]: figure for figure in proofs.report_figures(DRAFTS)}
    for key, (value, *states) in truth["figures"].items():
        figures[key] |= {"value": str(value), "states": states}
    return list(figures.values())


def _tied(rows: list[dict], quantities: list) -> int:
    left, good = list(quantities), 0
    for row in rows:
        hit = next(
            (
                q
                for q in left
                if q.ref == row["ref"] and q.figure_id == row["figure_id"] and _same(row["value"], q.value)
            ),
            None,
        )
        if hit:
            left.remove(hit)
            good += 1
    return good


def _same(printed: str, value: str) -> bool:
    return value == printed or (
        len(printed) >= len("2016") and (value.startswith(f"{printed}-") or printed.startswith(f"{value}-"))
    )


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.1%})"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        for key, score in report(Path(sys.argv[1]), Path(sys.argv[2])).items():
            print(f"{key}: {score}")
        print()
    print("drafts of the tests")
    for key, score in drafts().items():
        print(f"  {key}: {score}")
