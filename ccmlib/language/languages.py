"""How each of the six languages writes numbers, bounds, dates, lists, names and references: one writer each."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property

import babel
import pandas as pd
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from ccmlib.language import catalogue
from ccmlib.language.catalogue import LANGUAGES

Day = date | pd.Timestamp
#: A month or a day as tables write it.
_DATE = re.compile(r"(by )?\d{4}-\d\d(-\d\d)?")
_LEFT_TO_RIGHT_MARK = "\u200e"
#: Between a name and what it introduces; French has a no-break space before the colon.
COLONS = {"fr": "\u00a0: ", "zh": "\uff1a"}
COMMAS = {"ar": "\u060c ", "zh": "\uff0c"}
SEMICOLONS = {"fr": "\u00a0; ", "ar": "\u061b ", "zh": "\uff1b"}
#: The parameters of `Language.said`, as a figure's record names them.
BOUNDS = ("value", "lower", "last_word", "upper", "known_to")
#: Articles before a State's name, which an index leaves out of account.
LEADING_ARTICLES = {"en": "the ", "ar": "ال"}
_REFERENCE = re.compile(r"(paras?|Tables?|Annex|Articles?|Actions?) (.+)|(\w+) report|II (.+) (\(\w\))")
REFERENCES = (
    "para {number}", "paras {number}", "Table {number}", "Tables {number}", "Annex {number}", "Article {number}",
    "Articles {number}", "Action {number}", "Actions {number}", "{number} report",
)


class Language:
    """One of the six UN languages.

    Parameters
    ----------
    code : str
        One of `LANGUAGES`.
    names : mapping of str to mapping of str to str, optional
        Language → ISO3 → name of the State, as `ccmlib.language.state_names.in_use` gives them.
    """

    def __init__(self, code: str, names: Mapping[str, Mapping[str, str]] | None = None):
        if code not in LANGUAGES:
            raise ValueError(f"locale {code!r} is not one of {', '.join(LANGUAGES)}")
        self.code = code
        self.locale = babel.Locale.parse("en_GB" if code == "en" else code)
        self.direction = self.locale.text_direction
        self._names = names or {}
        self._catalogue = catalogue.load(code)

    def text(self, message: str) -> str:
        """Translate a label or sentence template; English where the catalogue has none."""
        return self._catalogue.texts.get(message, message)

    __call__ = text

    def plural(self, one: str, many: str, count: float) -> str:
        """Give the form of a label that a number wants (Arabic has six, Russian three); a fraction wants that for 2."""
        if one == many:
            return self.text(one)
        whole = abs(int(count)) if count == int(count) else 2
        return self._catalogue.translations.ngettext(one, many, whole)

    def has(self, message: str) -> bool:
        """Tell whether the message is in this language (always, for English)."""
        bare = re.sub(r"{[^}]*}", "", message)  # numbers and codes such as 6MSP are every language's
        return self.code == "en" or message in self._catalogue.texts or not re.search("[a-z]", bare)

    def is_translated(self, text: str) -> bool:
        """Tell whether a text is already in this language: a translation, also with a capital, or a State's name."""
        known = self._catalogue.originals.keys() | self._names.get(self.code, {}).values()
        return not known.isdisjoint({text, text[:1].lower() + text[1:]})

    @cached_property
    def english(self) -> "Language":
        """The language of a sentence without a translation; this one, if it is English."""
        return self if self.code == "en" else Language("en", self._names)

    def speaking(self, template: str) -> tuple[str, "Language"]:
        """Give a template and the language to say it in: a sentence without a translation is English as a whole.

        English words around Arabic names and dates would be a sentence in no language, and in no order.
        """
        return (self.text(template), self) if self.has(template) else (template, self.english)

    def original(self, text: str) -> str:
        """Give the message that a text of this language translates; other text as it is."""
        return self._catalogue.originals.get(text, text)

    @property
    def notice(self) -> str:
        """What the head of a report in this language says of its translation: unreviewed, and a draft below 98 %."""
        said = []
        if self.code != "en" and not self._catalogue.reviewer:
            said.append(self.text("Unreviewed translation; the English text prevails."))
        if self._catalogue.share < catalogue.WHOLE:
            percent = self.number(int(100 * self._catalogue.share))
            said.append(self.text("Draft: {percent}% of its texts are translated.").format(percent=percent))
        return ("" if self.code == "zh" else " ").join(said)

    def state(self, iso3: str) -> str:
        """Name a State: the UN short name in use on the day of the report, without article; else its English name."""
        return self._names.get(self.code, {}).get(iso3) or self._names.get("en", {}).get(iso3, iso3)

    def alphabetical(self, iso3: list[str]) -> list[str]:
        """Put States that stand in English alphabetical order into that of this language; keep any other order."""
        english = [sorting_key(self.english.state(code)) for code in iso3]
        if self.code == "en" or english != sorted(english):
            return list(iso3)
        return sorted(iso3, key=lambda code: sorting_key(self.state(code), self.code))

    def date(self, day: Day | str) -> str:
        """Write a day; text as tables write it as exactly as it says: ``2016-04``, ``by 2016-04-06``, ``early 2016``."""
        if isinstance(day, str):
            part = _DATE.fullmatch(day)
            if not part:
                return day
            if part[1]:
                return self.text("by {day}").format(day=self.date(day.removeprefix("by ")))
            if not part[2]:
                return format_skeleton("yMMMM", pd.Timestamp(day), locale=self.locale)
            day = pd.Timestamp(day)
        written = format_date(day, format="long", locale=self.locale)
        return f"1er{written[1:]}" if self.code == "fr" and day.day == 1 else written

    def span(self, first: Day, last: Day) -> str:
        """Write from which day to which something lasted: 2016, April 2016, 6 April 2016, 5–7 September 2016."""
        if first == last:
            return self.date(last)
        one_month = (first.year, first.month) == (last.year, last.month)
        if first.day == 1 and (last + timedelta(days=1)).day == 1:
            if one_month:
                return self.date(f"{first:%Y-%m}")
            if (first.year, first.month, last.month) == (last.year, 1, 12):
                return f"{first:%Y}"
        days = f"{first.day}–" if self.code == "en" and one_month else f"{self.date(first)} – "
        return days + self.date(last)

    def number(self, value: float) -> str:
        """Write a number with the language's separators and a true minus, in digits a reader of any language knows."""
        size = round(abs(value), 1) if abs(value) >= 10_000 else abs(value)
        written = format_decimal(size, locale=self.locale, numbering_system="latn")
        return self._signed("−", written) if value < 0 else written

    def value(self, value: float | Day | str | None) -> str:
        """Write a number, a day (also as text), or a text as it is; nothing for nothing."""
        if isinstance(value, str | Day):
            return "" if pd.isna(value) else self.date(value)
        return "" if pd.isna(value) else self.number(value)

    def change(self, difference: float) -> str:
        """Write a difference with its sign: +4, −8, ±0."""
        sign = "±" if not difference else "+" if difference > 0 else "−"
        return self._signed(sign, self.number(abs(difference)))

    def _signed(self, sign: str, number: str) -> str:
        # In a text that runs from right to left, a mark keeps the sign on the left of its number.
        return f"{_LEFT_TO_RIGHT_MARK if self.direction == 'rtl' else ''}{sign}{number}"

    def words(self, value: int, below: int = 100) -> str:
        """Write a whole number in words; digits from `below` on, and where there are no words."""
        if not 0 <= value < below or value != int(value) or self.code not in ("en", "fr"):
            return self.number(value)
        if self.code == "en" and value == 0:  # no State, not zero States
            return "no"
        from num2words import num2words  # slow to import, and seldom needed

        return num2words(int(value), lang=self.code)

    def said(
        self, value: float | Day | str | None = None, lower: float | None = None, last_word: float | None = None,
        upper: float | None = None, known_to: Day | str | None = None,
    ) -> str:
        """Say how many, no more surely than it is known.

        Parameters
        ----------
        value : float, date, Timestamp or str, optional
            The number or day, where it is certain; otherwise `lower` and `upper`, the least and the greatest possible,
            either of which may be missing; otherwise `last_word`, the number as last known.
        known_to : date, Timestamp or str, optional
            The day to which the data reach.

        Examples
        --------
        >>> english = Language("en")
        >>> english.said(4), english.said(lower=3, upper=5), english.said(lower=3), english.said()
        ('4', 'between 3 and 5', 'at least 3', 'not known')
        """
        value, lower, last_word, upper, known_to = (
            None if pd.isna(one) or one == "" else one for one in (value, lower, last_word, upper, known_to))
        if value is not None:
            return self.value(value)
        if lower is not None and lower == upper:
            return self.number(lower)
        if lower and upper is not None:
            return self.text("between {lower} and {upper}").format(lower=self.number(lower), upper=self.number(upper))
        if lower:
            return self.text("at least {number}").format(number=self.number(lower))
        if upper is not None and (lower is not None or last_word is None):
            return self.text("at most {number}").format(number=self.number(upper))
        if last_word is not None and known_to is not None:
            said = self.text("{number} by the last word ({day})")
            return said.format(number=self.number(last_word), day=self.date(known_to))
        return self.text("not known")

    @property
    def full_stop(self) -> str:
        """What ends a sentence."""
        return "。" if self.code == "zh" else "."

    def join(self, parts: list[str]) -> str:
        """Join a list as the language does: A, B and C."""
        return format_list(parts, locale=self.locale)

    def after_colon(self, name: str, text: str) -> str:
        """Write a name, a colon and what it introduces."""
        return f"{name}{COLONS.get(self.code, ': ')}{text}"

    def bracketed(self, text: str) -> str:
        """Put a text in brackets, after what stands before it."""
        return f"\uff08{text}\uff09" if self.code == "zh" else f" ({text})"

    def commas(self, parts: Iterable[str]) -> str:
        """Put the language's commas between parts."""
        return COMMAS.get(self.code, ", ").join(parts)

    def series(self, parts: Iterable[str]) -> str:
        """Put the language's semicolons between parts."""
        return SEMICOLONS.get(self.code, "; ").join(parts)

    def reference(self, reference: str) -> str:
        """Write references such as ``para 10`` or ``6MSP report: Table 5, para 44``; what is no reference stays as it is."""
        document, _, places = reference.rpartition(": ")
        written = self.commas(map(self._place, places.split(", ")))
        return self.after_colon(self._place(document), written) if document else written

    def _place(self, place: str) -> str:
        part = _REFERENCE.fullmatch(place)
        if part and part[4]:  # a heading of the report, which is the title of a section
            return f"II {self.text(part[4])} {part[5]}"
        message = part and (f"{part[1]} {{number}}" if part[1] else "{number} report")
        return self.text(message).format(number=part[2] or part[3]) if part else place


def capital(text: str) -> str:
    """Begin a text with a capital letter."""
    return text[:1].upper() + text[1:]


def sign_of(change: str) -> str:
    """Give the first character of a text of `Language.change`, without the mark; nothing for an empty text."""
    return change.lstrip(_LEFT_TO_RIGHT_MARK)[:1]


def sorting_key(name: str, code: str = "en") -> bytes:
    """Sort names of States as an index in their language does: accents, case and a leading article do not count.

    Chinese characters in common use stand by their sound in GB 18030, as in a dictionary.
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    plain = plain.replace("’", "'").casefold().removeprefix(LEADING_ARTICLES.get(code, ""))
    return plain.encode("gb18030" if code == "zh" else "utf-8")
