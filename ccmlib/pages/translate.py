"""The text cells of notebooks in the language of the page; what has no translation stays English and says so."""

from __future__ import annotations

from ccmlib.language.languages import Language
from ccmlib.language.messages import cut


def markdown(source: str, labels: Language) -> str:
    """Translate a text cell block by block; English headings and paragraphs in it bear their language and direction."""
    if labels.code == "en":
        return source
    return "\n\n".join(_block(*block, labels) for block in cut(source))


def _block(marks: str, text: str, labels: Language) -> str:
    if labels.has(text):
        return marks + labels(text)
    if marks:
        return f'{marks}<span lang="en" dir="ltr">{text}</span>'
    return f'<div lang="en" dir="ltr">\n\n{text}\n\n</div>'


def language_of(text: str, labels: Language) -> str:
    """Name the language of a title or subtitle where it is not that of the page."""
    return "" if labels.has(text) else "en"
