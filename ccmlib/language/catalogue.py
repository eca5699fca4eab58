"""Message catalogues: ordinary gettext files, one a language, that Poedit and Weblate open."""

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
CATALOGUES = Path(__file__).parent / "catalogues"
#: A report with a smaller share of translated messages than this is a draft.
WHOLE = 0.98
_REVIEWER = re.compile(r"^# *Reviewed by: *(\S.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Catalogue:
    """The messages of one language.

    Attributes
    ----------
    translations : gettext.NullTranslations
        Finds the plural that a number wants.
    texts, originals : dict of str to str
        Message → translation, and back; of one with plurals the first form, and the last for its plural.
    reviewer : str
        Who read the whole catalogue; blank until the comment ``Reviewed by:`` at its head names someone.
    share : float
        Share of the messages that are translated.
    """

    translations: NullTranslations
    texts: dict[str, str]
    originals: dict[str, str]
    reviewer: str = ""
    share: float = 1.0


def path_of(code: str) -> Path:
    """Give the catalogue of a language."""
    return CATALOGUES / f"{code}.po"


def read(code: str, path: Path | None = None) -> Catalog:
    """Read a catalogue as Babel holds it; an empty one where there is no file."""
    path = path or path_of(code)
    return read_po(io.BytesIO(path.read_bytes()), locale=code) if path.is_file() else Catalog(locale=code)


def forms(message) -> tuple[str, ...]:
    """Give the translations of a message: one, or one a plural form; none where any is missing or fuzzy."""
    said = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return said if all(said) and not message.fuzzy else ()


@lru_cache
def load(code: str, path: Path | None = None) -> Catalogue:
    """Load the catalogue of a language from the project's file or another; English needs none."""
    if code == "en":
        return Catalogue(NullTranslations(), {}, {})
    catalog, texts, originals, compiled = read(code, path), {}, {}, io.BytesIO()
    every = [message for message in catalog if message.id]
    unfinished = [message.id for message in every if not forms(message)]
    for message_id in unfinished:
        catalog.delete(message_id)
    for message in filter(lambda message: message.id, catalog):
        said = forms(message)
        singular, plural = (message.id, "") if isinstance(message.id, str) else message.id
        texts[singular] = said[0]
        originals |= {**dict.fromkeys(said[1:], plural), said[0]: singular}
        if plural:
            texts.setdefault(plural, said[-1])
    write_mo(compiled, catalog)
    compiled.seek(0)
    reviewer = _REVIEWER.search(catalog.header_comment or "")
    share = (len(every) - len(unfinished)) / max(len(every), 1)
    return Catalogue(GNUTranslations(compiled), texts, originals, reviewer[1].strip() if reviewer else "", share)
