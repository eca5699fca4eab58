"""What is wrong in the input: said with file, sheet and cell, all of it at once, never as a traceback."""

import contextlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from itertools import groupby

#: Longest piece of a cell that a message repeats.
LONGEST_FOUND = 120


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where."""

    file: str  # its name, without its folder
    sheet: str = ""  # blank when the whole file is meant
    cell: str = ""  # such as C12, row 12 or column C; blank when the whole sheet is meant
    found: str = ""
    expected: str = ""
    suggestion: str = ""  # the nearest valid value or what to do; blank when there is none

    @property
    def place(self) -> str:
        """Give sheet and cell in words, such as ``sheet "Use", cell C12``."""
        cell = self.cell if not self.cell or " " in self.cell else f"cell {self.cell}"
        return ", ".join(part for part in (f'sheet "{self.sheet}"' if self.sheet else "", cell) if part)

    def __str__(self) -> str:
        """Give the problem as one line of text.

        Examples
        --------
        >>> print(Problem("use.xlsx", "Use", "B4", "Yemenn", "a State", "Yemen"))
        use.xlsx, sheet "Use", cell B4: found "Yemenn", expected a State; perhaps: Yemen
        """
        where = ", ".join(shorten(part) for part in (self.file, self.place) if part)
        return f"{where}: {self.message}" if where else self.message

    @property
    def message(self) -> str:
        """Give what was found, expected and suggested, without the place."""
        found = f'found "{shorten(self.found)}"' if self.found else "found nothing"
        expected = f", expected {self.expected}" if self.expected else ""
        suggestion = f"; perhaps: {self.suggestion}" if self.suggestion else ""
        return found + expected + suggestion


@dataclass
class Problems:
    """A list of problems, one a cell: the first that is told of it, which the later ones follow from.

    Examples
    --------
    >>> problems = Problems()
    >>> problems.add("use.xlsx", "Use", "B4", found="Yemenn", expected="a State", suggestion="Yemen")
    >>> len(problems), bool(problems)
    (1, True)
    """

    _held: dict[object, Problem] = field(default_factory=dict)

    def add(
        self, file: str, sheet: str = "", cell: str = "", *, found: object = "", expected: str = "", suggestion: str = ""
    ) -> None:
        """Add a problem."""
        self.extend([Problem(str(file), sheet, cell, str(found), expected, suggestion)])

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add problems that are already made."""
        for problem in problems:
            is_cell = re.fullmatch(r"[A-Z]{1,3}\d+", problem.cell)
            self._held.setdefault((problem.file, problem.sheet, problem.cell) if is_cell else problem, problem)

    @contextlib.contextmanager
    def of_others(self) -> Iterator[None]:
        """Take the problems of what is read meanwhile and cannot be read on."""
        try:
            yield
        except ProblemsFound as error:
            self.extend(error.problems)

    def __iter__(self) -> Iterator[Problem]:
        """Go through the problems by file, sheet, row and column."""
        return iter(sorted(self._held.values(), key=_by_place))

    def __len__(self) -> int:
        """Count the problems."""
        return len(self._held)

    def text(self) -> str:
        """Give the problems as text for people, grouped by file."""
        lines = [f"{len(self)} {'problem' if len(self) == 1 else 'problems'}"]
        for file, problems in groupby(self, key=lambda problem: problem.file):
            lines.append(shorten(file))
            lines += [f"  {shorten(one.place)}: {one.message}" if one.place else f"  {one.message}" for one in problems]
        return "\n".join(lines)

    def json(self) -> str:
        """Give the problems as a JSON list of objects, for tools."""
        return json.dumps([asdict(problem) for problem in self], ensure_ascii=False, indent=1)

    def stop_if_any(self) -> None:
        """Raise `ProblemsFound`, with all of them, when there is a problem."""
        if self:
            raise ProblemsFound(self)


class NotReadable(ValueError):
    """A text of a cell that is not what it should be, or that can be read in two ways; the rest is as in a Problem."""

    def __init__(self, expected: str, suggestion: str = ""):
        super().__init__(expected)
        self.expected, self.suggestion = expected, suggestion


class ProblemsFound(Exception):
    """The input is wrong; `problems` has everything that is wrong, not only the first thing."""

    def __init__(self, problems: Problems):
        self.problems = problems
        super().__init__(problems.text())


def unreadable(file: str, found: str, expected: str, suggestion: str = "", sheet: str = "") -> ProblemsFound:
    """Make the error of a file that cannot be read at all, to be raised."""
    problems = Problems()
    problems.add(file, sheet, found=found, expected=expected, suggestion=suggestion)
    return ProblemsFound(problems)


def near(word: object, words: Iterable[str]) -> str:
    """Give the nearest of some words, or nothing."""
    return next(iter(get_close_matches(str(word), list(words), 1, 0.6)), "")


def shorten(text: str) -> str:
    """Cut a long text for a message and put it on one line.

    Examples
    --------
    >>> shorten("a" * 130)[-4:]
    'aaa…'
    """
    line = "".join(_escaped(char) for char in re.sub(r"\s", " ", text))
    return line if len(line) <= LONGEST_FOUND else line[: LONGEST_FOUND - 1] + "…"


def _escaped(char: str) -> str:
    """Show what is invisible or would act on a terminal by its number."""
    return char if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co") else f"\\u{ord(char):04x}"


def _by_place(problem: Problem) -> tuple:
    match = re.search(r"([A-Z]{0,3})(\d+)$", problem.cell)
    column, row = (match[1], int(match[2])) if match else ("", 0)
    return problem.file, problem.sheet, row, len(column), column, problem.cell, problem.found, problem.expected
