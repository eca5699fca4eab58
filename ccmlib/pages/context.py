"""What the pages of one report have in common."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

from ccmlib.pages.tables import date_text

#: Parts whose versions a page names.
MADE_WITH = ("pandas", "matplotlib", "great-tables", "papermill", "nbconvert")
#: Parameters that hold places on the machine; a page never shows them.
PLACES = frozenset({"processed", "out"})


@dataclass(frozen=True)
class PageContext:
    """
    Facts about a report that each of its pages shows.

    Parameters
    ----------
    period
        Reporting period: an object with ``name``, ``meeting``, ``place``, ``start`` and ``end``.
    sections
        Pairs of stem and title, in the order of the navigation.
    code
        Whether pages hold the notebooks' code, folded.
    locale
        Language of the pages.
    dir
        ``ltr`` or ``rtl``.
    labels
        Translates fixed words.
    states
        Names by ISO3, for "find my State".
    versions
        Versions to show; those of the installed libraries by default.
    previous
        Name of the period before.
    date
        Writes a date as text in the page's language.
    """

    period: Any
    sections: Sequence[tuple[str, str]] = ()
    code: bool = False
    locale: str = "en"
    dir: str = "ltr"
    labels: Callable[[str], str] = str
    states: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] | None = None
    previous: str = ""
    date: Callable[[Any], str] = date_text

    def made_with(self, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """
        List the parameters and versions that made a page; no times and no paths.

        Parameters
        ----------
        parameters
            Parameters of the notebook.

        Returns
        -------
        list
            Pairs of name and value.
        """
        rows = [
            (name, str(value)) for name, value in parameters.items()
            if name not in PLACES and str(value) and "/" not in str(value)
        ]
        versions = installed_versions() if self.versions is None else self.versions
        return rows + [(name, version) for name, version in versions.items()]


def installed_versions() -> dict[str, str]:
    """
    Look up the versions of Python and of the libraries that make a page.

    Returns
    -------
    dict
        Versions by name; a library that is not installed is left out.
    """
    found = {"Python": platform.python_version()}
    for name in MADE_WITH:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
