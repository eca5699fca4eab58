"""What is wrong in the input: said with file, sheet and cell, all of it at once, never as a traceback."""

import contextlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches

#: Longest piece of a cell that a message repeats.
LONGEST_FOUND = 120
#: Problems that the message of an exception prints before it refers to the full list.
MOST_PRINTED = 60


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    Attributes
    ----------
    file : str
        Name of the file, without its folder.
    sheet : str
        Name of the sheet; blank when the whole file is meant.
    cell : str
        Address such as ``C12``, or ``row 12`` or ``column C``; blank when the whole sheet is meant.
    found : str
        What stands there.
    expected : str
        What should stand there.
    suggestion : str
        The nearest valid value or what to do; blank when there is none.
    """

    file: str
    sheet: str = ""
    cell: str = ""
    found: str = ""
    expected: str = ""
    suggestion: str = ""

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
        self.append(Problem(str(file), sheet, cell, str(found), expected, suggestion))

    def append(self, problem: Problem) -> None:
        """Add a problem that is already made."""
        is_cell = re.fullmatch(r"[A-Z]{1,3}\d+", problem.cell)
        self._held.setdefault((problem.file, problem.sheet, problem.cell) if is_cell else problem, problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add several problems."""
        for problem in problems:
            self.append(problem)

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

    def text(self, limit: int | None = None) -> str:
        """Give the problems as text for people, grouped by file.

        Parameters
        ----------
        limit : int, optional
            Print at most so many, and say how many more there are.
        """
        lines = [f"{len(self)} {'problem' if len(self) == 1 else 'problems'}"]
        file = None
        for number, problem in enumerate(self):
            if limit is not None and number == limit:
                lines.append(f"... and {len(self) - limit} more")
                break
            if problem.file != file:
                file = problem.file
                lines.append(shorten(file))
            lines.append(f"  {shorten(problem.place)}: {problem.message}" if problem.place else f"  {problem.message}")
        return "\n".join(lines)

    def json(self) -> str:
        """Give the problems as a JSON list of objects, for tools."""
        return json.dumps([asdict(problem) for problem in self], ensure_ascii=False, indent=1)

    def stop_if_any(self) -> None:
        """Raise `ProblemsFound` when there is a problem.

        Raises
        ------
        ProblemsFound
            Carries all the problems.
        """
        if self:
            raise ProblemsFound(self)


class NotReadable(ValueError):
    """A text of a cell that is not what it should be, or that can be read in two ways.

    Attributes
    ----------
    expected, suggestion : str
        As in a Problem.
    """

    def __init__(self, expected: str, suggestion: str = ""):
        super().__init__(expected)
        self.expected, self.suggestion = expected, suggestion


class ProblemsFound(Exception):
    """The input is wrong.

    Attributes
    ----------
    problems : Problems
        Everything that is wrong, not only the first thing.
    """

    def __init__(self, problems: Problems):
        self.problems = problems
        super().__init__(problems.text(MOST_PRINTED))


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
