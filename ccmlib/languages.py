"""Dates, numbers, State names and fixed labels in the six UN languages, from CLDR data and message catalogues."""

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

import babel
import pandas as pd
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
CATALOGUES = Path(__file__).parent / "catalogues"
MONTH = re.compile(r"\d{4}-\d{2}")


class Language:
    """One of the six UN languages: how it writes dates, numbers, lists, State names and fixed labels.

    Parameters
    ----------
    code : str
        One of `LANGUAGES`.
    state_names : dict of str to str
        ISO3 → English name, for English and where CLDR has no name.
    iso2 : dict of str to str
        ISO3 → ISO2, the key of CLDR's territory names.
    """

    def __init__(self, code: str, state_names: dict[str, str] | None = None, iso2: dict[str, str] | None = None):
        if code not in LANGUAGES:
            raise ValueError(f"locale {code!r} is not one of {', '.join(LANGUAGES)}")
        self.code = code
        self.locale = babel.Locale.parse(code)
        self.direction = self.locale.text_direction
        self._names = state_names or {}
        self._iso2 = iso2 or {}
        self._catalogue = catalogue(code)

    def text(self, message: str) -> str:
        """Translate a fixed label or sentence template; English where the catalogue has none."""
        return self._catalogue.get(message, message)

    __call__ = text

    def has(self, message: str) -> bool:
        """Tell whether the message is in this language (always, for English)."""
        return self.code == "en" or not message or message in self._catalogue

    def state(self, iso3: str) -> str:
        """Name a State: the UN short name in English, CLDR's name in the other languages."""
        english = self._names.get(iso3, iso3)
        if self.code == "en":
            return english
        return self.locale.territories.get(self._iso2.get(iso3, ""), english)

    def date(self, day: date | pd.Timestamp | str) -> str:
        """Write a day in full, such as 6 April 2016; the text ``2016-04`` as April 2016; other text as it is."""
        if isinstance(day, str):
            if not MONTH.fullmatch(day):
                return day
            month = pd.Timestamp(day)
            if self.code == "en":
                return f"{month:%B} {month.year}"
            return format_skeleton("yMMMM", month, locale=self.locale)
        if self.code == "en":
            return f"{day.day} {day:%B} {day.year}"
        written = format_date(day, format="long", locale=self.locale)
        return f"1er{written[1:]}" if self.code == "fr" and day.day == 1 else written

    def number(self, value: float) -> str:
        """Write a number with the language's separators, in digits a reader of any language can compare."""
        return format_decimal(value, locale=self.locale, numbering_system="latn")

    def words(self, value: int) -> str:
        """Write a whole number below one hundred in words; digits from there on, and where there are no words."""
        if not 0 <= value < 100 or value != int(value) or self.code not in ("en", "fr"):
            return self.number(value)
        from num2words import num2words  # slow to import, and seldom needed

        return num2words(int(value), lang=self.code)

    def join(self, parts: list[str]) -> str:
        """Join a list as the language does: A, B and C."""
        if self.code == "en":  # CLDR's English is American: it would put a comma before "and"
            return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
        return format_list(parts, locale=self.locale)


@lru_cache
def catalogue(code: str) -> dict[str, str]:
    """Load a language's message catalogue, as message → translation; messages without a translation are left out."""
    path = CATALOGUES / f"{code}.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id and message.string}
