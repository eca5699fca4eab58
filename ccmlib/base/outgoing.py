"""Text on its way out of the suite: whatever a cell of an export says, no program that opens a file runs it.

Every CSV, calendar and document is written through these two functions.
"""

import re
import unicodedata

#: A spreadsheet program reads a cell that starts with one of these as a formula; the wide ones where the system's
#: language is an East Asian one.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Formatting characters that reorder text: in a name or sentence they could make it read as something else.
REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Tabs and breaks, which become a space.
BREAKS = frozenset("\t\n\r\x0b\x0c\x85\u2028\u2029")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def no_formula(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet program would take for a formula; a number stays one.

    A carriage return becomes a line feed: Python's `csv` puts no quotes around it, and what follows would begin a row.

    Examples
    --------
    >>> no_formula("=1+1"), no_formula("-5"), no_formula("Cuba")
    ("'=1+1", '-5', 'Cuba')
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "'" + text if text.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(text) else text


def one_line(text: str) -> str:
    r"""Take out what may not stand in a line: breaks, control characters, halves of characters, marks that reorder.

    Examples
    --------
    >>> one_line("Four\x00 States\tParties")
    'Four States Parties'
    """
    return "".join(" " if char in BREAKS else char for char in str(text) if char in BREAKS or _may_stand(char))


def _may_stand(char: str) -> bool:
    noncharacter = ord(char) & 0xFFFE == 0xFFFE
    return unicodedata.category(char) not in ("Cc", "Cs") and char not in REORDERING and not noncharacter
