"""Text, attributes and links as HTML: what all fragments are made of."""

from __future__ import annotations

import base64
from html import escape as _escape
from typing import Any
from urllib.parse import quote

from ccmlib.base.files import packed
from ccmlib.language.languages import Language, sign_of

ENGLISH = Language("en")
#: Letters of a CSV from which on a page carries it zipped, a tenth of the size.
LONG = 250_000


def escape(text: Any) -> str:
    """Escape text for use in HTML, quotes too."""
    return _escape(str(text), quote=True)


def attributes(**named: Any) -> str:
    """Write the attributes of an element, empty ones left out.

    Examples
    --------
    >>> attributes(class_="fig", title="", data_iso3="CUB")
    ' class="fig" data-iso3="CUB"'
    """
    written = ((name.rstrip("_").replace("_", "-"), value) for name, value in named.items())
    return "".join(f' {name}="{escape(value)}"' for name, value in written if value not in (None, "", False))


def direction_of(change: str) -> str:
    """Tell which way a change such as ``+4 since 1RC`` goes: ``up``, ``down`` or ``same``."""
    return {"+": "up", "-": "down", "−": "down"}.get(sign_of(change), "same")


def language_of(text: Any) -> str:
    """Name the language of a text where it is not the page's (:class:`ccmlib.figures.sentences.Said` knows)."""
    return getattr(text, "lang", "")


def language_marks(lang: str) -> str:
    """Mark an element whose language is not the page's; such a text is always English."""
    return attributes(lang=lang, dir=lang and "ltr")


def in_its_language(text: Any, tag: str = "span", **named: Any) -> str:
    """Write a text as an element that says which language it is in, where that is not the page's."""
    return f"<{tag}{attributes(**named)}{language_marks(language_of(text))}>{escape(text)}</{tag}>"


def marked(text: Any) -> str:
    """Write a text; as an element of its own only where its language is not the page's."""
    return in_its_language(text) if language_of(text) else escape(text)


def state(name: str, iso3: str) -> str:
    """Name a State and link to everything that the report says of it."""
    return f'<a class="state" data-iso3="{escape(iso3)}" href="index.html#state-{escape(iso3)}">{escape(name)}</a>'


def csv_link(name: str, text: str, labels: Language = ENGLISH) -> str:
    """Link to a CSV that the page itself carries, zipped where it is long; by its byte order mark it is known as UTF-8."""
    uri = "data:text/csv;charset=utf-8,%EF%BB%BF" + quote(text, safe=" ,;:/()'!*$=@?")
    if len(text) > LONG:
        content = base64.b64encode(packed({name: f"\ufeff{text}".encode()})).decode()
        name, uri = f"{name}.zip", f"data:application/zip;base64,{content}"
    return (f'<a class="csv" download="{escape(name)}" href="{escape(uri)}">'
            f'{escape(labels("Data (CSV)"))}<span class="visually-hidden"> {escape(name)}</span></a>')
