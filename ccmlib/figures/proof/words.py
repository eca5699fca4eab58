"""The words that the proof-reader goes by: rules.yml, its patterns, and a text reduced to its telling words."""

import re
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import yaml
from babel.dates import get_month_names

MONTHS = list(get_month_names("wide", locale="en").values())
RULES = yaml.safe_load((Path(__file__).parent / "rules.yml").read_text(encoding="utf-8"))
_MONTH = f"(?P<month>{'|'.join(MONTHS)})"
#: The compiled patterns of rules.yml by name.
PATTERNS = SimpleNamespace(**{k: re.compile(p.replace("(month)", _MONTH), re.I) for k, p in RULES["patterns"].items()})
_EMPTY = frozenset(RULES["empty"].split())


@lru_cache(maxsize=20_000)
def stems(text: str) -> frozenset[str]:
    """Reduce a text to the beginnings of its telling words.

    Examples
    --------
    >>> sorted(stems("States Parties that requested assistance for clearance"))
    ['assis', 'clear', 'reque']
    """
    text = text.lower().replace("_", " ").replace("reporting period", "")
    for short, full in RULES["abbreviations"].items():
        text = re.sub(short, full, text)
    words = (word for word in re.findall(r"article \d\b|[a-z]+|\d{4}", text) if word not in _EMPTY)
    cut = (word if word.startswith("article") else word[: RULES["letters"]] for word in words)
    return frozenset(RULES["synonyms"].get(stem, stem) for stem in cut) - {""}
