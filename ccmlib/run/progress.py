"""What a run shows: a moving line on a terminal, one line per notebook otherwise."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import Any, TextIO


class Progress:
    """Shows a run as it goes.

    Parameters
    ----------
    total : int
        Notebooks of the run.
    out : TextIO, optional
        Standard output by default.
    """

    def __init__(self, total: int, out: TextIO | None = None):
        self.out = out or sys.stdout
        self.total = total
        self.done = 0
        self.started = time.monotonic()
        self.moving = self.out.isatty()
        self.running: dict[str, tuple[int, int]] = {}

    def cell(self, name: str, number: int, count: int) -> None:
        """Note that a cell of a notebook begins.

        Parameters
        ----------
        name : str
            Of the notebook.
        number, count : int
            Of the cell, and of all its cells.
        """
        self.running[name] = (number, count)
        self._draw()

    def finished(self, name: str, outcome: Any) -> None:
        """Note that a notebook is done.

        Parameters
        ----------
        name : str
            Of the notebook.
        outcome : Outcome
            What came of it.
        """
        self.done += 1
        self.running.pop(name, None)
        self._clear()
        mark = "FAILED" if outcome.error else f"{outcome.seconds:.1f} s" if outcome.ran else "unchanged"
        again = ", second kernel" if outcome.attempts > 1 else ""
        warned = sum("stderr" in entry for entry in outcome.log)
        warnings = f", warnings in {warned} cell{'s' * (warned > 1)} (see the run log)" if warned else ""
        print(f"{self.done:>3}/{self.total} {name:<32} {mark}{again}{warnings}", file=self.out, flush=True)
        self._draw()

    def say(self, text: str) -> None:
        """Print a line.

        Parameters
        ----------
        text : str
            The line.
        """
        self._clear()
        print(text, file=self.out, flush=True)

    def _draw(self) -> None:
        if self.moving and self.running:
            parts = [f"{name} {number}/{count}" for name, (number, count) in sorted(self.running.items())]
            seconds = time.monotonic() - self.started
            line = f"{self.done}/{self.total} done, {seconds:.0f} s, running: {', '.join(parts)}"
            print(f"\r\x1b[2K{line[:110]}", end="", file=self.out, flush=True)

    def _clear(self) -> None:
        if self.moving:
            print("\r\x1b[2K", end="", file=self.out, flush=True)


def failure_text(name: str, section: str, error: Mapping[str, Any], kept: str) -> str:
    """Say what went wrong in a notebook.

    Parameters
    ----------
    name, section : str
        Of the notebook.
    error : mapping
        ``kind``, ``cell``, ``line`` and ``message``.
    kept : str
        Where the failed notebook is; blank when it was not kept.

    Returns
    -------
    str
        Section, cell number and message.
    """
    where = f"section {section}, {name}, cell {error['cell']}" if error["cell"] else f"section {section}, {name}"
    lines = [f"{where}: {error['message']}"]
    if error.get("line"):
        lines.append(f"    in the cell that begins: {error['line'].strip()[:90]}")
    if kept:
        lines.append(f"    the notebook as far as it went: {kept}")
    return "\n".join(lines)
