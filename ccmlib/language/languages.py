"""Dates, numbers, State names and fixed labels in the six UN languages, from CLDR data and message catalogues."""

import re
import unicodedata
from datetime import date
from functools import cached_property, lru_cache
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
_LEFT_TO_RIGHT_MARK = "\u200e"
#: Between a name and what it introduces; French has a no-break space before the colon.
COLONS = {"fr": "\u00a0: ", "zh": "\uff1a"}
#: Articles before a State's name, which an index leaves out of account.
ARTICLES = {"en": "the ", "ar": "ال"}


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

    @cached_property
    def english(self) -> "Language":
        """The language of a sentence without a translation; this one, if it is English."""
        return self if self.code == "en" else Language("en", self._names, self._iso2)

    def speaking(self, template: str) -> tuple[str, "Language"]:
        """Give a template and the language to say it in: a sentence without a translation is English as a whole.

        English words around Arabic names and dates would be a sentence in no language, and in no order.
        """
        return (self.text(template), self) if self.has(template) else (template, self.english)

    def original(self, text: str) -> str:
        """Give the message that a text of this language translates; other text as it is."""
        return originals(self.code).get(text, text)

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
        """Write a number with the language's separators and a true minus, in digits that all readers share.

        Examples
        --------
        >>> [Language("en").number(value) for value in (2016, 125000.0, 6.51, -3)]
        ['2,016', '125,000', '6.51', '−3']
        """
        size = abs(value)
        text = format_decimal(round(size, 1) if size >= 10_000 else size, locale=self.locale, numbering_system="latn")
        return with_sign("−", text, self.direction) if value < 0 else text

    def change(self, difference: float) -> str:
        """Write a difference with its sign: +4, −8, ±0."""
        sign = "±" if not difference else "+" if difference > 0 else "−"
        return with_sign(sign, self.number(abs(difference)), self.direction)

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

    def after_colon(self, name: str, text: str) -> str:
        """Write a name, a colon and what it introduces."""
        return f"{name}{COLONS.get(self.code, ': ')}{text}"

    def alphabetical(self, iso3: list[str]) -> list[str]:
        """Put States that stand in English alphabetical order into that of this language; keep any other order."""
        english = [sorting_key(self.english.state(code)) for code in iso3]
        if self.code == "en" or english != sorted(english):
            return list(iso3)
        return sorted(iso3, key=lambda code: sorting_key(self.state(code), self.code))


def with_sign(sign: str, number: str, direction: str = "ltr") -> str:
    """Put a sign before a number; in a text that runs from right to left, a mark keeps it on the left."""
    return f"{_LEFT_TO_RIGHT_MARK if direction == 'rtl' else ''}{sign}{number}"


def sign_of(change: str) -> str:
    """Give the first character of a text of `with_sign`, without the mark; nothing for an empty text."""
    return change.lstrip(_LEFT_TO_RIGHT_MARK)[:1]


def sorting_key(name: str, code: str = "en") -> bytes:
    """Sort names as an index does: without regard to accents, case and a leading article.

    Parameters
    ----------
    name : str
        Name of a State.
    code : str
        Its language. Chinese characters in common use stand by their sound in GB 18030, as in a dictionary.

    Examples
    --------
    >>> sorted(["Czechia", "Côte d'Ivoire", "the Gambia"], key=sorting_key)
    ["Côte d'Ivoire", 'Czechia', 'the Gambia']
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    plain = plain.replace("’", "'").casefold().removeprefix(ARTICLES.get(code, ""))
    return plain.encode("gb18030" if code == "zh" else "utf-8")


@lru_cache
def catalogue(code: str) -> dict[str, str]:
    """Load a language's message catalogue, as message → translation; messages without a translation are left out."""
    path = CATALOGUES / f"{code}.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id and message.string}


@lru_cache
def originals(code: str) -> dict[str, str]:
    """Turn a catalogue round: translation → message."""
    return {translation: message for message, translation in catalogue(code).items()}
