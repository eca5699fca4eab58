"""Text and attributes as HTML, States and downloads as links: what all fragments are made of."""

from __future__ import annotations

from collections.abc import Callable
from html import escape as _escape
from typing import Any

from ccmlib.language.languages import sign_of
from ccmlib.pages.csvs import data_uri


def escape(text: Any) -> str:
    """
    Escape text for use in HTML, quotes too.

    Parameters
    ----------
    text
        Anything with a text form.

    Returns
    -------
    str
        Text without a character that HTML reads as markup.
    """
    return _escape(str(text), quote=True)


def attributes(**named: Any) -> str:
    """
    Write the attributes of an element.

    Parameters
    ----------
    **named
        Values by name; ``data_states`` stands for ``data-states`` and ``class_`` for ``class``.

    Returns
    -------
    str
        Attributes with a space before each; empty ones are left out.

    Examples
    --------
    >>> attributes(class_="fig", title="", data_iso3="CUB")
    ' class="fig" data-iso3="CUB"'
    """
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in named.items()
        if value not in (None, "", False)
    )


def direction_of(change: str) -> str:
    """
    Tell which way a change goes.

    Parameters
    ----------
    change
        Such as ``+4 since 1RC``.

    Returns
    -------
    str
        ``up``, ``down`` or ``same``.
    """
    return {"+": "up", "-": "down", "−": "down"}.get(sign_of(change), "same")


def isolated(text: str) -> str:
    """
    Set a text apart from the direction of the words around it.

    Parameters
    ----------
    text
        Words in any language.

    Returns
    -------
    str
        A ``bdi`` element.
    """
    return f"<bdi>{escape(text)}</bdi>"


def language_of(text: Any) -> str:
    """
    Name the language of a text where it is not the page's.

    Parameters
    ----------
    text
        A text that may know its language, such as :class:`ccmlib.figures.sentences.Said`.

    Returns
    -------
    str
        ``en``, or nothing.
    """
    return getattr(text, "lang", "")


def language_marks(lang: str) -> str:
    """
    Mark an element whose language is not the page's; such a text is always English.

    Parameters
    ----------
    lang
        ``en``, or nothing.

    Returns
    -------
    str
        Attributes ``lang`` and ``dir``, or nothing.
    """
    return attributes(lang=lang, dir=lang and "ltr")


def after_colon(name: str, text: str, labels: Any) -> str:
    """
    Write a name, a colon and what it introduces, as the page's language sets it.

    Parameters
    ----------
    name, text
        Texts on both sides of the colon.
    labels
        Language of the page, or any function that translates.

    Returns
    -------
    str
        Plain text.
    """
    write = getattr(labels, "after_colon", None)
    return write(name, text) if write else f"{name}: {text}"


def state(name: str, iso3: str) -> str:
    """
    Name a State and link to everything that the report says of it.

    Parameters
    ----------
    name
        Name as printed.
    iso3
        ISO 3166 alpha-3 code.

    Returns
    -------
    str
        A link to the State's entry on the index page.
    """
    return f'<a class="state" data-iso3="{escape(iso3)}" href="index.html#state-{escape(iso3)}">' \
           f"{escape(name)}</a>"


def csv_link(name: str, text: str, labels: Callable[[str], str] = str) -> str:
    """
    Link to a CSV that the page itself carries.

    Parameters
    ----------
    name
        File name that the browser proposes.
    text
        CSV text.
    labels
        Translates fixed words.

    Returns
    -------
    str
        A download link.
    """
    return (
        f'<a class="csv" download="{escape(name)}" href="{escape(data_uri(text))}">'
        f'{escape(labels("Data (CSV)"))}<span class="visually-hidden"> {escape(name)}</span></a>'
    )
