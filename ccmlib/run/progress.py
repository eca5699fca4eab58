"""What a run shows: a moving line on a terminal, one line a notebook and a stage otherwise."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import Any, TextIO

from ccmlib.base import project


class Progress:
    """Shows a run of so many notebooks as it goes, on standard output by default."""

    def __init__(self, total: int, out: TextIO | None = None):
        self.out = out or sys.stdout
        self.total, self.done = total, 0
        self.started = time.monotonic()
        self.moving = self.out.isatty()
        self.running: dict[str, tuple[int, int]] = {}

    def cell(self, name: str, number: int, count: int) -> None:
        """Note that a cell of a notebook begins, by its number among so many."""
        self.running[name] = (number, count)
        if self.moving:
            parts = [f"{each} {at}/{of}" for each, (at, of) in sorted(self.running.copy().items())]
            seconds = time.monotonic() - self.started
            line = f"{self.done}/{self.total} done, {seconds:.0f} s, running: {', '.join(parts)}"
            print(f"\r\x1b[2K{line[:110]}", end="", file=self.out, flush=True)

    def finished(self, name: str, outcome: Any) -> None:
        """Note what came of a notebook."""
        self.done += 1
        self.running.pop(name, None)
        mark = "FAILED" if outcome.error else f"{outcome.seconds:.1f} s" if outcome.ran else "unchanged"
        again = ", second kernel" if outcome.attempts > 1 else ""
        warned = sum("stderr" in entry for entry in outcome.log)
        warnings = f", warnings in {warned} cell{'s' * (warned > 1)} (see the run log)" if warned else ""
        self.say(f"{self.done:>3}/{self.total} {name:<32} {mark}{again}{warnings}")

    def say(self, text: str) -> None:
        """Print a line."""
        print(f"\r\x1b[2K{text}" if self.moving else text, file=self.out, flush=True)


def failure_text(name: str, section: str, error: Mapping[str, Any]) -> str:
    """Say what went wrong in a notebook: section, cell number, message, and where the failed notebook is kept."""
    where = f"section {section}, {name}, cell {error['cell']}" if error["cell"] else f"section {section}, {name}"
    lines = [f"{where}: {error['message']}"]
    if error["line"]:
        lines.append(f"    in the cell that begins: {error['line'].strip()[:90]}")
    if "kept" in error:
        lines.append(f"    the notebook as far as it went: {project.shown(error['kept'])}")
    return "\n".join(lines)
