"""Write docs/benchmarks.md and its picture: medians, ratios beside their targets, where the time goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.ways import WAYS
from ccmlib import charts
from ccmlib.base.project import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"
#: At most this share of another way's time, by pair of ways, and of the small notebooks where they have another.
TARGETS, SMALL = {"ea": 0.10, "ec": 0.25, "fa": 0.003}, {"ea": 0.07}
#: At most so many times one cold 6MSP report: all briefs; by the way of `ways` that is run once, what it makes and the same.
BRIEFS_TARGET, ONCE = 1.8, {"ours_all_periods": ("the reports of all periods", 6.3), "from_a_clone": (
    "one report from a fresh clone, with its environment", 3.5)}
#: At most so many times the bare read of the xlsx; so many seconds and MB for the largest csv.
CLEANING_TARGET, LARGEST = 1.5, (12, 800)
SUBJECTS = {"small": "eight small notebooks", "report": "the 6MSP report"}


def write(result: Mapping[str, Any]) -> None:
    """Write the document and its picture."""
    _picture(result["small"])
    parts = [
        "# Benchmarks",
        f"Written by `make bench`: wall time in seconds, each way in turn, the median counts. "
        f"Python {result['python']}, {result['cores']} cores, load at the start {result['load']:.1f}. "
        "Each way runs in a copy of the project; all do the same notebooks, and ours also cleans the exports, draws up "
        "`report.html`, the Word draft and the zip. Imports are counted in every way.",
        "![Wall time of each way](benchmarks.png)",
        "## Eight small notebooks",
        "Three charts and three styled tables each: nearly all of a run by hand is start-up.",
        _seconds(result["small"]),
        _ratios(result["small"], TARGETS | SMALL),
        "## The 6MSP report",
        "All its notebooks, those that read what others wrote after these.",
        _seconds(result["report"]),
        _ratios(result["report"], TARGETS),
        "## Where the time of a cold run goes",
        _profile(result),
        "## Briefs of all States, all periods, and a fresh clone",
        _briefs(result["briefs"]),
        _once(result),
        "## Cleaning large exports",
        "An activities export of so many rows, made into the tidy tables (`ccm check`, all raw exports read with it) "
        'beside the bare read of that file: `pandas.read_excel(engine="calamine")` or `pandas.read_csv`.',
        _cleaning(result["cleaning"]),
    ]
    DOCUMENT.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _picture(seconds: Mapping[str, Sequence[float]]) -> None:
    medians = {f"{key}  {WAYS[key][0]}": median(values) for key, values in seconds.items()}
    fig, ax = charts.new(7.6, 0.4 * len(medians) + 1.8)
    charts.bars(ax, list(medians), list(medians.values()), fmt="{:.1f} s")
    runs = " to ".join(map(str, sorted({min(map(len, seconds.values())), max(map(len, seconds.values()))})))
    share = median(seconds["e"]) / median(seconds["a"])
    title = f"Eight small notebooks: ccm report takes {share:.0%} of the time by hand"
    charts.finish(fig, title, f"Wall time in seconds, median of {runs} runs", "Source: make bench")
    charts.save(fig, DOCUMENT.parent, "benchmarks")
    for drawing in DOCUMENT.parent.glob(f"{DOCUMENT.stem}*.svg"):
        drawing.unlink()  # the README's viewers show the PNG


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _seconds(seconds: Mapping[str, Sequence[float]]) -> str:
    rows = [
        [key, WAYS[key][0], f"{median(values):.2f}", " ".join(f"{value:.2f}" for value in values)]
        for key, values in seconds.items()
    ]
    return _table(["", "way", "median", "runs"], rows)


def _ratios(seconds: Mapping[str, Sequence[float]], targets: Mapping[str, float]) -> str:
    rows = []
    for (one, other), target in targets.items():
        if one in seconds and other in seconds:
            share = median(seconds[one]) / median(seconds[other])
            rows.append([f"{one} / {other}", f"{share:.3g}", f"≤ {target}", "met" if share <= target else "missed"])
    return _table(["ratio", "reached", "target", ""], rows)


def _profile(result: Mapping[str, Any]) -> str:
    rows = []
    for key, name in SUBJECTS.items():
        of = result[f"{key}_profile"]
        pages = of["notebooks"] - of["cells"]
        rows.append([name, *(f"{value:.1f}" for value in (of["whole"], of["imports"], of["cells"], pages))])
    header = ["", "whole run", "imports, once", "cells of all notebooks", "kernels, saving and pages"]
    return (
        _table(header, rows)
        + f"\n\nThe last two are sums over notebooks, of which {result['cores']} run at once; what is left of the "
        "whole run is cleaning the exports, the zip, `report.html` and the Word draft."
    )


def _briefs(briefs: Mapping[str, Any]) -> str:
    ours, each = briefs["ours"], median(briefs["by_hand"])
    return (
        f"`ccm briefs`, nothing kept, makes {briefs['count']} briefs in {ours:.1f} s "
        f"(one run). By hand one takes {each:.1f} s "
        f"(median of {len(briefs['by_hand'])} States), so that all would take {each * briefs['count']:.0f} s: "
        f"{ours / (each * briefs['count']):.3f} of it."
    )


def _once(result: Mapping[str, Any]) -> str:
    """Compare what is made once with one cold report, the machine's own measure."""
    one = median(result["report"]["e"])
    made = {"the briefs of all States": (result["briefs"]["ours"], BRIEFS_TARGET)}
    made |= {name: (result["once"][way], target) for way, (name, target) in ONCE.items()}
    rows = [[name, f"{seconds:.1f}", f"{seconds / one:.2f}", f"≤ {target}", "met" if seconds <= target * one else "missed"]
            for name, (seconds, target) in made.items()]  # fmt: skip
    return _table(["one run", "seconds", "of one cold 6MSP report", "target", ""], rows)


def _cleaning(cleaned: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for run in cleaned:
        bare, tidy, others = (median(run[key]) for key in ("bare", "cleaned", "others"))
        seconds = (f"{value:.2f}" for value in (bare, tidy, others, (tidy - others) / bare))
        rows.append([run["name"], *seconds, f"{median(run['peak_mb']):.0f}"])
    header = ["file", "bare read, s", "cleaned, s", "of which other files, s", "ratio without these", "peak, MB"]
    seconds, megabytes = LARGEST
    return _table(header, rows) + (
        f"\n\nTargets: for the xlsx at most {CLEANING_TARGET} times the bare read; for the largest csv {seconds} s without "
        f"the other files and {megabytes} MB.")
