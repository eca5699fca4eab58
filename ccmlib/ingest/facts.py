"""Facts as publishers print them, one row a State, kind of fact and edition: what becomes of each is in the map, as data.

The first rule of the map that fits a row says which rows of which tidy tables it gives; a row that no rule fits, or
whose value or day cannot be read exactly, stays text in the table ``background`` with the reason. Nothing is dropped.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pandas as pd

from ccmlib.base.names import StateNames
from ccmlib.base.problems import Problems
from ccmlib.ingest import dates
from ccmlib.ingest.sheets import Rows
from ccmlib.tidy import schema

#: What a rule says of a time, and the fields it fills: first day, last day, the words of the source.
TIMES = {
    "day": ("first_on", "last_on", ""),
    "within": ("from_on", "to_on", ""),
    "as_of": ("", "as_of", "as_of_stated"),
    "deadline": ("", "deadline_on", "deadline_stated"),
    "known": ("", "known_on", "known_stated"),
    "decided": ("", "decided_on", ""),
    "said": ("", "said_on", ""),
}
#: Times that may be blank where the page is undated.
MAY_BE_UNDATED = {"as_of", "known", "said"}
DEFAULTS = {"observations": {"said": "{as_of}", "became": False}, "disclosures": {"as_of": "{as_of}"}}
NO_RULE, NOT_EXACT, UNDATED = "no rule for the kind", "value not as the rule reads it", "undated"
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_UNIT = re.compile(r"(?P<unit>[^(]*?)\s*(?:\((?P<remark>.*)\))?")


class _CannotBePlaced(Exception):
    """A time that the page does not give, or not exactly."""


@dataclass(frozen=True)
class _Rule:
    """One rule of the map: what fits it, and the rows that it gives."""

    field: re.Pattern
    gives: tuple[dict, ...]
    theme: str = ""
    value: re.Pattern | None = None
    unit: re.Pattern | None = None

    def fit(self, value: str, unit: str) -> dict | None:
        """Give the named parts of value and unit, or None where the rule does not fit them."""
        parts = {}
        for pattern, text in ((self.value, value), (self.unit, unit)):
            found = pattern.fullmatch(text) if pattern else True
            if not found:
                return None
            parts |= found.groupdict("") if pattern else {}
        return parts


def facts(rows: Rows, names: StateNames, problems: Problems) -> dict[str, pd.DataFrame]:
    """Turn facts into rows of the tidy tables that the rules of the map name.

    Parameters
    ----------
    rows : Rows
        Fields iso3, iso3_name, theme, field, value, unit, as_of, source, all as printed; its report gets the counts.
    names : StateNames
        For the States that a field or unit names.
    problems : Problems
        Gets the days that cannot be read.

    Returns
    -------
    dict of str to DataFrame
        Rows by tidy table; text that stays text under ``background``.
    """
    return _Facts(rows, names, problems).sort()


class _Facts:
    """The map of one sheet and what it has given so far."""

    def __init__(self, rows: Rows, names: StateNames, problems: Problems):
        self.rows, self.names, self.problems = rows, names, problems
        said = rows.rule.facts
        self.inexact, self.undated = re.compile(said["inexact"]), re.compile(said["undated"])
        self.same = said["same"]
        self.rules = [_rule(entry) for entry in said["rules"]]
        self.found: dict[tuple[str, str], list] = {}
        self.when = lru_cache(None)(_when)
        self.tables: dict[str, list[dict]] = {}
        self.counts: Counter = Counter()

    def sort(self) -> dict[str, pd.DataFrame]:
        """Take row by row, and note what became of them."""
        frame = self.rows.frame.astype(object).where(self.rows.frame.notna(), "")
        frame["publisher"] = frame["source"].map(lambda url: schema.publisher_of(url)[0])
        frame["row"] = self.rows.row_ids
        for number, row in zip(self.rows.numbers, frame.to_dict("records"), strict=True):
            if not self.undated.fullmatch(row["as_of"]) and self.when(row["as_of"]) is None:
                place = self.rows.file, self.rows.sheet, f"{self.rows.letters['as_of']}{number}"
                self.problems.add(*place, found=row["as_of"], expected="a day, month, year or edition, or undated")
                continue
            given, reason = self._apply(row)
            text = {"text": row["value"], "as_of_stated": row["as_of"], "actor": row["iso3_name"], "reason": reason}
            for table, values in given or [("background", row | text)]:
                self.tables.setdefault(table, []).append(values)
            table, first = given[0] if given else ("text only", {"field": reason})
            what = next((first[key] for key in ("question", "indicator", "kind", "field") if first.get(key)), "")
            self.counts[table, what] += 1
        counted = (f"{table} {what}: {count}" for (table, what), count in sorted(self.counts.items()))
        self.rows.report.notes.extend(counted)
        return {table: self._finished(table, given) for table, given in self.tables.items()}

    def _finished(self, table: str, given: list[dict]) -> pd.DataFrame:
        frame = pd.DataFrame(given)
        for one in schema.tables()[table].fields:
            if one.type == "integer" and one.name in frame:
                frame[one.name] = pd.to_numeric(frame[one.name]).astype("Int64")
            elif one.type == "date":
                days = frame[one.name] if one.name in frame else None
                # The day of a page is text in the sheet and a day in the table.
                frame[one.name] = pd.to_datetime(days.map(self._last)) if days is not None else pd.NaT
        return frame

    def _last(self, day: object) -> date | None:
        if not isinstance(day, str):
            return day
        when = None if self.undated.fullmatch(day) else self.when(day)
        return when.last if when else None

    def _apply(self, row: dict) -> tuple[list[tuple[str, dict]], str]:
        """Give the rows that the first rule gives that fits and reads exactly, or why there is none."""
        kind = row["theme"], row["field"]
        if kind not in self.found:
            self.found[kind] = [
                (rule, match.groupdict(""))
                for rule in self.rules
                if rule.theme in ("", kind[0]) and (match := rule.field.fullmatch(kind[1]))
            ]
        reason = NOT_EXACT if self.found[kind] else NO_RULE
        for rule, parts in self.found[kind]:
            fitting = rule.fit(row["value"], row["unit"])
            if fitting is None:
                continue
            told = {**row, **_UNIT.fullmatch(row["unit"]).groupdict(default=""), **parts, **fitting}
            given = []
            try:
                for one in rule.gives:
                    given += self._give(dict(one), told)
            except _CannotBePlaced as problem:
                reason = str(problem)
            if given:
                return given, ""
            break
        return [], reason

    def _give(self, one: dict, told: dict) -> list[tuple[str, dict]]:
        """Fill in one row that a rule gives; several where it goes on over years."""
        table, goes_on = one.pop("table"), one.pop("goes_on", "")
        values = {key: _filled(text, told) for key, text in (DEFAULTS.get(table, {}) | one).items()}
        for key in TIMES.keys() & values.keys():
            first, last, stated = TIMES[key]
            text = values.pop(key)
            when = None if self.undated.fullmatch(text) else self.when(text)
            if when is None and key not in MAY_BE_UNDATED:
                raise _CannotBePlaced(UNDATED if self.undated.fullmatch(text) else NOT_EXACT)
            values |= {last: when and when.last} | ({first: when and when.first} if first else {})
            values |= {stated: text} if stated else {}
        base = {name: told[name] for name in ("iso3", "theme", "publisher", "source", "row")}
        if told["iso3_name"]:
            base["actor"] = told["iso3_name"]
        if "state" in values:
            base["iso3"] = self._named(values.pop("state"))
        if "counterpart" in values:
            values["counterpart"] = self._named(values["counterpart"])
        if table == "disclosures":
            known = schema.indicators()[values["indicator"]]
            values = {"article": known.get("article"), "unit": known["unit"], "remarks": told["remark"]} | values
            values["unit"] = self.same.get(values["unit"], values["unit"])
        if values.get("value") == "number":
            exact = _NUMBER.fullmatch(told["value"]) and not self.inexact.search(told["unit"])
            words = told["value"] + (f" ({told['remark']})" if self.inexact.search(told["unit"]) else "")
            values |= {"value": float(told["value"])} if exact else {"value": None, "text": words}
        if table in ("observations", "deadlines") and len(base["iso3"]) != 3:
            return []  # said of someone who is no State; another row of the rule holds it
        years = [name for name in ("year", "covers_year") if values.get(name)]
        for name in years:
            values[name] = sum(map(int, values[name].split()))
        if not goes_on:
            return [(table, base | values)]
        later, end = int(goes_on[:2]), goes_on[3:]
        by = self.when(told["value"] if one.get("day") == "{value}" else told["as_of"]).first
        last = by.year - later - (f"{by:%m-%d}" < end)
        return [(table, base | values | {years[0]: year}) for year in range(values[years[0]], last + 1)]

    def _named(self, text: str) -> str:
        """Give the code of a State that a field or unit names, or the name itself of who is no State."""
        text = text.replace("_", " ")
        return self.names.resolve(text) or text.title()


def _filled(text: object, told: dict) -> object:
    return text.format_map(told) if isinstance(text, str) and "{" in text else text


def _when(text: str) -> dates.When | None:
    """Read a day, month, year or span; None where it is not one."""
    try:
        when = dates.read(text)
    except dates.NotADate:
        return None
    return when if when.precision != "by" else None


def _rule(entry: dict) -> _Rule:
    patterns = {key: re.compile(entry[key]) for key in ("field", "value", "unit") if key in entry}
    return _Rule(gives=tuple(entry["gives"]), theme=entry.get("theme", ""), **patterns)
