"""Facts as publishers print them, one row a State, kind and edition; the map says, as data, what becomes of each.

The first rule of the map that fits a row says which rows of which tidy tables it gives. A row that no rule fits, or
whose value or day cannot be read exactly, stays text in the table ``background``, with the reason. Nothing is dropped.
"""

import re
from collections import Counter
from functools import lru_cache

import pandas as pd

from ccmlib.base import fields
from ccmlib.base.problems import NotReadable
from ccmlib.base.publishers import publisher_of
from ccmlib.ingest import dates
from ccmlib.ingest.rows import Rows

#: What a rule says of a time, and the fields it fills: first day, last day, the words of the source.
TIMES = {"day": ("first_on", "last_on", ""), "within": ("from_on", "to_on", ""), "decided": ("", "decided_on", ""),
         "said": ("", "said_on", ""), "as_of": ("", "as_of", "as_of_stated"), "known": ("", "known_on", "known_stated"),
         "deadline": ("", "deadline_on", "deadline_stated")}  # fmt: skip
#: Times that may be blank where the page is undated.
MAY_BE_UNDATED = {"as_of", "known", "said"}
DEFAULTS = {"observations": {"said": "{as_of}", "became": False}, "disclosures": {"as_of": "{as_of}"}}
NO_RULE, NOT_EXACT, UNDATED = "no question asks for it", "value not as the rule reads it", "undated"
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_UNIT = re.compile(r"(?P<unit>[^(]*?)\s*(?:\((?P<remark>.*)\))?")


def facts(rows: Rows) -> dict[str, pd.DataFrame]:
    """Take each row as a fact that a publisher printed; rules of the map say which rows of which tables it gives."""
    return _Facts(rows).sort()


class _Facts:
    """The map of one sheet, and what it has given so far."""

    def __init__(self, rows: Rows):
        said = rows.rule.facts
        self.rows, self.names, self.same = rows, rows.names, said["same"]
        self.inexact, self.undated = re.compile(said["inexact"]), re.compile(said["undated"])
        self.rules = [rule | {part: re.compile(rule[part]) for part in ("field", "value", "unit") if part in rule}
                      for rule in said["rules"]]  # fmt: skip
        self.text = {re.compile(kind): reason for kind, reason in said.get("text", {}).items()}
        self.when, self.of_kind = lru_cache(None)(self._when), lru_cache(None)(self._of_kind)

    def sort(self) -> dict[str, pd.DataFrame]:
        """Take row by row, and note what became of them."""
        tables: dict[str, list[dict]] = {}
        counts: Counter = Counter()
        frame = self.rows.frame.astype(object).where(self.rows.frame.notna(), "")
        frame = frame.assign(publisher=frame["source"].map(publisher_of), row=self.rows.row_ids)
        for at, row in enumerate(frame.to_dict("records")):
            if self.when(row["as_of"]) is None and not self.undated.fullmatch(row["as_of"]):
                expected = "a day, month, year or edition, or undated"
                self.rows.problem(at, "as_of", found=row["as_of"], expected=expected)
                continue
            given, reason = self._apply(row)
            text = {"text": row["value"], "as_of_stated": row["as_of"], "actor": row["iso3_name"], "reason": reason}
            for table, filled in given or [("background", row | text)]:
                tables.setdefault(table, []).append(filled)
            table, filled = given[0] if given else ("text only", {"kind": reason})
            counts[table, next(filled[key] for key in ("question", "indicator", "kind") if key in filled)] += 1
        self.rows.report.notes.extend(f"{table} {what}: {count}" for (table, what), count in sorted(counts.items()))
        return {table: self._typed(table, pd.DataFrame(given)) for table, given in tables.items()}

    def _typed(self, table: str, frame: pd.DataFrame) -> pd.DataFrame:
        for one in fields.tables()[table].fields:
            if one.name in frame and one.type == "integer":
                frame[one.name] = pd.to_numeric(frame[one.name]).astype("Int64")
            elif one.name in frame and one.type == "date":  # that of a page is text in the sheet
                days = [getattr(self.when(day), "last", None) if isinstance(day, str) else day for day in frame[one.name]]
                frame[one.name] = pd.to_datetime(pd.Series(days, dtype=object))
        return frame

    def _of_kind(self, theme: str, field: str) -> list[tuple[dict, re.Match]]:
        """Find the rules that a kind of fact may fit."""
        theirs = [rule for rule in self.rules if rule.get("theme", theme) == theme]
        return [(rule, match) for rule in theirs if (match := rule["field"].fullmatch(field))]

    def _apply(self, row: dict) -> tuple[list[tuple[str, dict]], str]:
        """Give the rows of the first rule that fits and reads exactly, or why there are none."""
        found = self.of_kind(row["theme"], row["field"])
        for rule, match in found:
            parts = [match, *(rule[name].fullmatch(row[name]) for name in ("value", "unit") if name in rule)]
            if all(parts):
                told = row | _UNIT.fullmatch(row["unit"]).groupdict("")
                for part in parts:
                    told |= part.groupdict("")
                given: list[tuple[str, dict]] = []
                try:
                    for one in rule["gives"]:
                        given += self._give(dict(one), told)
                except NotReadable as error:
                    return given, error.expected
                return given, NOT_EXACT
        if found:
            return [], NOT_EXACT
        return [], next((reason for kinds, reason in self.text.items() if kinds.fullmatch(row["field"])), NO_RULE)

    def _give(self, one: dict, told: dict) -> list[tuple[str, dict]]:
        """Fill in one row that a rule gives; several where it goes on over years."""
        table, goes_on, of_value = one.pop("table"), one.pop("goes_on", ""), one.get("day") == "{value}"
        values = {key: text.format_map(told) if isinstance(text, str) else text
                  for key, text in (DEFAULTS.get(table, {}) | one).items()}  # fmt: skip
        for key in TIMES.keys() & values.keys():
            first, last, stated = TIMES[key]
            text = values.pop(key)
            when = self.when(text)
            if when is None and key not in MAY_BE_UNDATED:
                raise NotReadable(UNDATED if self.undated.fullmatch(text) else NOT_EXACT)
            values |= {last: when and when.last} | ({first: when and when.first} if first else {})
            values |= {stated: text} if stated else {}
        said = values.get("said_on")
        if said and values["first_on"] <= said < values["last_on"]:
            values["last_on"] = said  # what a page tells of a year or month had come about by its day
        base = {name: told[name] for name in ("iso3", "theme", "publisher", "source", "row")} | {"actor": told["iso3_name"]}
        for name, of_whom in (("iso3", "state"), ("counterpart", "counterpart")):
            if of_whom in values:  # a State that a field or unit names, or the name itself of who is no State
                named = values.pop(of_whom).replace("_", " ")
                base[name] = self.names.resolve(named) or named.title()
        if table in ("observations", "deadlines") and len(base["iso3"]) != 3:
            return []  # said of who is no State; another row of the rule holds it
        if table == "disclosures":
            known = fields.indicators()[values["indicator"]]
            values = {"article": known.get("article"), "unit": known["unit"], "remarks": told["remark"]} | values
            values["unit"] = self.same.get(values["unit"], values["unit"])
        if table == "activities":
            values["title"] = values["title"][0].upper() + values["title"][1:].replace("_", " ")
        if values.get("value") == "number":
            about = self.inexact.search(told["remark"])
            if _NUMBER.fullmatch(told["value"]) and not about:
                values["value"] = float(told["value"])
            else:
                values |= {"value": None, "text": told["value"] + (f" ({told['remark']})" if about else "")}
        years = [name for name in ("year", "covers_year") if values.get(name)]
        values |= {name: sum(map(int, values[name].split())) for name in years}
        if not goes_on:
            return [(table, base | values)]
        by = self.when(told["value"] if of_value else told["as_of"])
        if by is None:
            raise NotReadable(UNDATED)
        last = by.first.year - int(goes_on[:2]) - (f"{by.first:%m-%d}" < goes_on[3:])
        return [(table, base | values | {years[0]: year}) for year in range(values[years[0]], last + 1)]

    def _when(self, text: str) -> dates.When | None:
        """Read a day, month, year or span; None where it is not one."""
        try:
            when = None if self.undated.fullmatch(text) else dates.read(text)
        except dates.NotADate:
            return None
        return when if when and when.precision != "by" else None
