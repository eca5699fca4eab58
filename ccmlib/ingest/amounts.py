"""Numbers as people write them; the text is kept where it says more than the number."""

import re

from ccmlib.base.problems import NotReadable
from ccmlib.ingest.cells import shown

_ABOUT = (
    r"(?:more than|at least|at most|up to|less than|fewer than|nearly|almost|about|around|approximately|over|under|"
    r"some|circa|c\.|ca\.|[~<>≥≤])"
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALES = {"": 1, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_STATED = re.compile(
    rf"(?:{_ABOUT}\s*)?(?P<number>-?(?:{_NUMBER}))(?:\s*(?P<scale>thousand|million|billion))?(?:\s*\(.*\))?$", re.IGNORECASE
)
_WORDS_ONLY = {"some", "several", "a few", "unknown", "not stated", "not known", "not specified"}
_DECIMAL_COMMA = re.compile(r"-?\d+,\d{1,2}$|-?\d+,\d{4,}$|-?\d{1,3}(?:\.\d{3})+,\d+$")
_DOT_OR_GROUP = re.compile(r"[1-9]\d{0,2}\.\d{3}$")


def read(value: object) -> float:
    """Read a number; what is none, or can be read in two ways, raises `NotReadable`.

    Examples
    --------
    >>> read("more than 54,800"), read("4.8 million"), read("58 million (other editions: nearly 63 million)")
    (54800.0, 4800000.0, 58000000.0)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise NotReadable("a number", "a date was found: format the cell as a number" if hasattr(value, "year") else "")
    if not isinstance(value, str):
        return float(value)
    text = shown(value)
    if text.lower() in _WORDS_ONLY:
        return float("nan")
    if text.lower().endswith(("%", " percent", " per cent")):
        raise NotReadable("a number, not a percentage", "write the number, and percent as its unit")
    if _DECIMAL_COMMA.fullmatch(text):
        raise NotReadable("a number with a decimal point", text.replace(".", "").replace(",", "."))
    if _DOT_OR_GROUP.fullmatch(text):
        raise NotReadable("a number that cannot be misread", f"{text.replace('.', ',')} or {text.rstrip('0').rstrip('.')}")
    match = _STATED.fullmatch(text)
    if not match:
        raise NotReadable("a number, such as 54,800, more than 54,800 or 4.8 million")
    # Rounded, because 4.8 times a million is not exactly 4,800,000 in binary.
    return round(float(re.sub(r"[, ]", "", match["number"])) * _SCALES[(match["scale"] or "").lower()], 6)


def says_more(value: object) -> bool:
    """Tell whether a cell says more than a number.

    Examples
    --------
    >>> says_more("more than 54,800"), says_more("54,800"), says_more(54800.0)
    (True, False, False)
    """
    return isinstance(value, str) and not re.fullmatch(rf"-?(?:{_NUMBER})", value)
