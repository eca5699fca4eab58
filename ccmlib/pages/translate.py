"""The text cells of notebooks in the language of the page; what has no translation stays English and says so."""

from __future__ import annotations

from typing import Any

from ccmlib.language.messages import HEADING, cut


def untranslated(labels: Any, message: str) -> bool:
    """
    Tell whether a text stays English on a page in another language.

    Parameters
    ----------
    labels
        Language of the page, or any function that translates; one that knows no messages is taken to be English.
    message
        Text of a notebook.

    Returns
    -------
    bool
        Whether the page has to mark it.
    """
    has = getattr(labels, "has", None)
    return has is not None and not has(message)


def markdown(source: str, labels: Any) -> str:
    """
    Translate a text cell block by block.

    Parameters
    ----------
    source
        Markdown of a notebook.
    labels
        Language of the page.

    Returns
    -------
    str
        Markdown; English headings and paragraphs in it bear their language and direction.
    """
    if getattr(labels, "code", "en") == "en":
        return source
    return "\n\n".join(_block(*block, labels) for block in cut(source))


def _block(marks: str, text: str, kind: str, labels: Any) -> str:
    if not untranslated(labels, text):
        return marks + labels(text)
    if kind == HEADING:
        return f'{marks}<span lang="en" dir="ltr">{text}</span>'
    return f'<div lang="en" dir="ltr">\n\n{text}\n\n</div>'


def language_of(text: str, labels: Any) -> str:
    """
    Name the language of a title or subtitle where it is not that of the page.

    Parameters
    ----------
    text
        Text of a notebook.
    labels
        Language of the page.

    Returns
    -------
    str
        ``en``, or nothing.
    """
    return "en" if untranslated(labels, text) else ""
