"""Names of States: from any spelling that is on record to ISO 3166 code, and from code to the name of the day.

A spelling is accepted only when it is on record (``un_states.csv``, ``state_names.csv``); case, accents, spaces,
dashes, the article and footnote markers make no difference. What is merely similar is suggested, never accepted.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ccmlib.base import project

STATES_FILE = "un_states.csv"
ALIASES_FILE = "state_names.csv"
TERRITORIES_FILE = "territories.csv"
#: The United Nations' names of States in its six languages; without the file they are not known.
UN_NAMES_FILE = "country_codes.csv"
_UN_COLUMNS = [f"UNTERM {language} {form}" for language in ("English", "French", "Spanish", "Russian", "Arabic", "Chinese")
               for form in ("Short", "Formal")]  # fmt: skip
_ARTICLE_AFTER = re.compile(r"\s*\((?:the|l['’]|la|les?|las|el|los)\)\s*\**$|\s*\*+$", re.IGNORECASE)
_ARTICLE_BEFORE = re.compile(r"^(?:l['’]|(?:la|les?|las|el|los)\s+)", re.IGNORECASE)
#: Words of many names, which alone make no two of them alike.
_OF_MANY = {"the", "of", "and", "union", "republic", "kingdom", "state", "states", "island", "islands", "democratic",
            "people's", "federation", "saint"}  # fmt: skip
#: How the note of an alias begins that stands for more than one State on purpose.
AMBIGUOUS = "ambiguous"
#: Least similarity, of 100, of a name that is suggested.
LEAST_SIMILAR = 70
#: Least letters of a text that is compared with names; shorter ones are near to everything.
LEAST_LETTERS = 3
#: No name is longer; what is longer is prose and costs no search.
LONGEST_NAME = 150
#: A name holds at most so many separators (``Saint Vincent and the Grenadines`` holds one).
MOST_PARTS = 5

# An acute accent that stands alone (U+00B4) decomposes into a space and U+0301: typed as an apostrophe, read as one.
_APOSTROPHES = dict.fromkeys(map(ord, "’‘‛ʼʻʹ′´`＇"), "'")
_DASHES = dict.fromkeys(map(ord, "-‐‑‒–—―−﹘﹣－"), " ")
_SUPERSCRIPTS = re.compile(r"[¹²³⁰-⁹ᵃ-ᵛ]+$")
_MARKER = re.compile(r"\s*(?:[\[(](?:\d{1,2}|[a-h]|[ivx]{2,4})[\])]|[*†‡§#]+|\d{1,2}(?:\s*,\s*\d{1,2})*)$")
_SEPARATOR = re.compile(r"\s*(?:,\s*and\b|,\s*&|,|\n\s*(?:and\b)?|\band\b|\bas well as\b|&)\s*", re.IGNORECASE)
# Cyrillic and Greek letters that look like Latin ones.
_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕԁһкмтвнзАЕОРСУХІЈЅКМТВНαοιερυνκτχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijsdhkmtbh3AEOPCYXIJSKMTBHaoiepuvktxABEZHIKMNOPTYX"
)


def name_key(text: str) -> str:
    """Reduce a spelling to what tells names apart: small letters without accents, stops, hyphens, article, footnote markers.

    Examples
    --------
    >>> name_key("Côte d’Ivoire²"), name_key("Guinea–Bissau [1]"), name_key("Gambia, The")
    ("cote d'ivoire", 'guinea bissau', 'gambia')
    """
    text = _plain(text).casefold().replace(".", "").replace("&", " and ")
    text = re.sub(r" ?, ?", ", ", " ".join(text.split())).strip(" ,;")
    text = re.sub(r"^(?:the )+", "", text)
    return re.sub(r"(?:, the| \(the\))+$", "", text).strip()


def _plain(text: str) -> str:
    """Remove footnote markers, accents and invisible characters; keep case."""
    text = _SUPERSCRIPTS.sub("", text.strip()).translate(_APOSTROPHES).replace(" \u0301", "'")
    kinds = ((unicodedata.category(char), char) for char in unicodedata.normalize("NFKD", text))
    text = "".join(" " if kind == "Cc" else char for kind, char in kinds if kind not in ("Mn", "Cf")).translate(_DASHES)
    text = " ".join(text.split())
    while (shorter := _MARKER.sub("", text).strip()) != text:
        text = shorter
    return text


def _acronym(name: str) -> str:
    """Give the letters of ``UK`` or ``U.S.A.``; nothing for a name that is no acronym."""
    letters = name.replace(".", "")
    return letters if re.fullmatch(r"[A-Z]{2,4}", letters) else ""


class NameMatch(NamedTuple):
    """What a spelling turned out to be."""

    text: str
    iso3: str | None  # the State, when the spelling is on record for exactly one
    kind: str  # state, code, territory, ambiguous, look_alike, unknown or blank
    reason: str = ""  # why there is no State; blank when there is one


class StateNames:
    """The spellings on record.

    Parameters
    ----------
    states : iterable of mapping, or DataFrame
        Rows of the State register: iso3, iso2, name_un_2016, name_un and, if known, renamed_on.
    aliases : iterable of mapping, or DataFrame
        Other spellings: name, iso3, note. A spelling of two States needs a row for each, with notes that begin
        with ``ambiguous``.
    territories : iterable of mapping, or DataFrame
        Names that documents use and that are not States: name, note.
    un_names : iterable of mapping
        Rows of ``country_codes.csv``.

    Raises
    ------
    ValueError
        A spelling stands for two States without being marked ambiguous, or for a State not in the register.

    Examples
    --------
    >>> names = StateNames.from_raw()
    >>> names.resolve("Lao PDR"), names.resolve("Cote d'Ivoire"), names.resolve("Lao PD")
    ('LAO', 'CIV', None)
    >>> names.name("SWZ", on="2016-06-30"), names.name("SWZ")
    ('Swaziland', 'Eswatini')
    """

    def __init__(self, states: object, aliases: object = (), territories: object = (), un_names: Iterable[Mapping] = ()):
        self._states = {row["iso3"]: dict(row) for row in _rows(states)}
        self._spellings: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self._acronyms: dict[str, str] = {}
        self._ambiguous: dict[str, tuple[list[str], str]] = {}
        for iso3, row in self._states.items():
            for column in ("name_un", "name_un_2016"):
                self._record(row[column], iso3, STATES_FILE)
        for row in _rows(aliases):
            if row["iso3"] not in self._states:
                raise ValueError(f'{ALIASES_FILE}: "{row["name"]}" stands for "{row["iso3"]}", not in {STATES_FILE}')
            if row.get("note", "").startswith(AMBIGUOUS):
                self._ambiguous.setdefault(name_key(row["name"]), ([], row["note"]))[0].append(row["iso3"])
            else:
                self._record(row["name"], row["iso3"], ALIASES_FILE)
        self._territories = {name_key(row["name"]): row["note"] for row in _rows(territories)}
        for key in [*self._ambiguous, *self._territories]:
            if key in self._keys:
                raise ValueError(f'"{key}" is on record as {self._keys[key]} and also as ambiguous or as a territory')
        # What is suggested is English; a name in another language is accepted as it stands, or not at all.
        self._suggested = list(self._keys)
        self._record_un_names(un_names)

    def _record_un_names(self, rows: Iterable[Mapping]) -> None:
        """Record the names in six languages, with and without their article; one that several States bear is not."""
        found: dict[str, set[str]] = {}
        for row in (row for row in rows if row.get("ISO3166-1-Alpha-3") in self._states):
            for text in (row.get(column, "") for column in _UN_COLUMNS):
                bare = _ARTICLE_AFTER.sub("", text)
                for name in {text.rstrip(" *"), bare, _ARTICLE_BEFORE.sub("", bare)} - {""}:
                    found.setdefault(name_key(name), set()).add(row["ISO3166-1-Alpha-3"])
        for key, states in found.items():
            if len(states) == 1 and key not in self._ambiguous and key not in self._territories:
                self._keys.setdefault(key, *states)

    def _record(self, name: str, iso3: str, file: str) -> None:
        key, held = (_acronym(name), self._acronyms) if _acronym(name) else (name_key(name), self._keys)
        if held.setdefault(key, iso3) != iso3:
            raise ValueError(f'{file}: "{name}" stands for {held[key]} and for {iso3}')
        if held is self._keys:
            self._spellings.setdefault(key, name)

    @classmethod
    def from_raw(cls, folder: Path | None = None) -> "StateNames":
        """Read the tables of names in a folder, ``data/raw`` of the checkout by default."""
        paths = [Path(folder or project.RAW) / file for file in (STATES_FILE, ALIASES_FILE, TERRITORIES_FILE, UN_NAMES_FILE)]
        tables = []
        for path in paths if paths[-1].is_file() else paths[:-1]:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                tables.append(list(csv.DictReader(lines)))
        return cls(*tables)

    def __iter__(self) -> Iterator[str]:
        """Go through the codes of the register."""
        return iter(self._states)

    def look_up(self, text: object, *, codes: bool = False) -> NameMatch:
        """Find the State of a spelling, or why there is none.

        Parameters
        ----------
        text : object
            The spelling; anything but text is unknown, and a missing value is blank.
        codes : bool
            Whether ISO 3166 alpha-3 codes, in capitals, are accepted beside names.

        Examples
        --------
        >>> names = StateNames.from_raw()
        >>> names.look_up("Korea").reason
        "ambiguous: may be the Republic of Korea or the Democratic People's Republic of Korea"
        >>> names.look_up("Kosovo").kind, names.look_up("LAO").kind, names.look_up("LAO", codes=True).iso3
        ('territory', 'unknown', 'LAO')
        """
        if text is None or str(text).strip() in ("", "<NA>") or (not isinstance(text, str) and text != text):
            return NameMatch("", None, "blank", "no name given")
        if not isinstance(text, str) or len(text) > LONGEST_NAME:
            return NameMatch(str(text)[:LONGEST_NAME], None, "unknown", "not a name")
        letters, key = _acronym(_plain(text).strip()), name_key(text)
        if codes and letters in self._states:
            return NameMatch(text, letters, "code")
        if found := self._acronyms.get(letters) or self._keys.get(key):
            return NameMatch(text, found, "state")
        if key in self._ambiguous:
            return NameMatch(text, None, "ambiguous", self._ambiguous[key][1])
        if key in self._territories:
            return NameMatch(text, None, "territory", self._territories[key])
        if strange := _strange_letters(text):
            return NameMatch(text, None, "look_alike", f"holds {', '.join(strange)}")
        return NameMatch(text, None, "unknown", "not on record as a name of a State")

    def resolve(self, text: object, *, codes: bool = False) -> str | None:
        """Give the ISO 3166 alpha-3 code of a spelling that is on record, or None; `look_up` says why there is none."""
        return self.look_up(text, codes=codes).iso3

    def suggest(self, text: str, n: int = 3) -> list[str]:
        """Give at most `n` names on record nearest to a spelling, best first, one for each State; never accepted unseen.

        Examples
        --------
        >>> names = StateNames.from_raw()
        >>> names.suggest("Ugnada", n=1), names.suggest("Сuba", n=1)  # the second begins with a Cyrillic letter
        (['Uganda'], ['Cuba'])
        """
        if not isinstance(text, str) or len(text) > LONGEST_NAME or name_key(text) in self._territories:
            return []
        key, code = name_key(text.translate(_LOOK_ALIKE)), text.strip().upper()
        iso2 = {row["iso2"]: iso3 for iso3, row in self._states.items()}
        coded = [*self._ambiguous.get(key, ([], ""))[0], self._acronyms.get(code), code, iso2.get(code)]
        near = {iso3: self._states[iso3]["name_un"] for iso3 in coded if iso3 in self._states}
        if len(near) < n and sum(map(str.isalpha, key)) >= LEAST_LETTERS:
            from rapidfuzz import fuzz, process

            hits = process.extract(key, self._suggested, scorer=fuzz.WRatio, score_cutoff=LEAST_SIMILAR, limit=None)
            # The whole-word ratio decides between names that a part of the text fits equally well.
            own = _own_words(key)
            hits = [hit for hit in hits if own and fuzz.partial_ratio(own, _own_words(hit[0])) >= LEAST_SIMILAR]
            for match, _, _ in sorted(hits, key=lambda hit: (-hit[1] - fuzz.ratio(key, hit[0]), hit[0])):
                near.setdefault(self._keys[match], self._spellings[match])
        return list(near.values())[:n]

    def name(self, iso3: str, on: "date | str | None" = None) -> str:
        """Give the UN short name in use on a day, also as ``2016-06-30``, or now.

        A State whose day of change is not on record keeps its 2016 name on every day asked for. A code that is not in the
        register is a KeyError.
        """
        if iso3 not in self._states:
            raise KeyError(f'{STATES_FILE}: no State has the code "{iso3}"')
        row = self._states[iso3]
        renamed_on = str(row.get("renamed_on") or "")[:10] or str(date.max)
        return row["name_un_2016" if on is not None and str(on)[:10] < renamed_on else "name_un"]

    def split_states(self, text: str) -> list[str]:
        """Take a list of States in prose apart: semicolons, commas, line breaks, ``and`` or ``&`` between names.

        Names on record that themselves hold a comma or ``and`` stay whole; those that are unknown are given too.

        Examples
        --------
        >>> StateNames.from_raw().split_states("Niger; Bosnia and Herzegovina, Korea, Republic of and Chad")
        ['Niger', 'Bosnia and Herzegovina', 'Korea, Republic of', 'Chad']
        """
        names = []
        text = "\n".join(" ".join(line.split()) for line in text.splitlines())
        for piece in text.split(";"):
            cuts = [found for found in _SEPARATOR.finditer(piece) if not _inside_brackets(piece, found.start())]
            starts, ends = [0, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), len(piece)]
            first = 0
            while first < len(starts):
                last = min(first + MOST_PARTS, len(starts)) - 1
                while last > first and not self._on_record(piece[starts[first] : ends[last]]):
                    last -= 1
                names.append(" ".join(piece[starts[first] : ends[last]].split()).rstrip(" .:"))
                first = last + 1
        return [name for name in names if name]

    def _on_record(self, text: str) -> bool:
        return self.look_up(text).kind in ("state", "ambiguous", "territory")


def _own_words(key: str) -> str:
    return " ".join(word for word in key.split() if word not in _OF_MANY)


def _rows(table: object) -> Iterable[Mapping]:
    return table.to_dict("records") if hasattr(table, "to_dict") else table


def _strange_letters(text: str) -> list[str]:
    """Name the letters that are not Latin but look so, for a text that also holds Latin ones or only such ones."""
    strange = [c for c in dict.fromkeys(text) if c.translate(_LOOK_ALIKE) != c]
    others = [c for c in unicodedata.normalize("NFKD", text.translate(_LOOK_ALIKE)) if c.isalpha() and not c.isascii()]
    return [] if others else [f'{unicodedata.name(c).title()} "{c}"' for c in strange]


def _inside_brackets(text: str, place: int) -> bool:
    before, after = text[:place], text[place:]
    return before.count("(") > before.count(")") and ")" in after
