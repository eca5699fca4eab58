"""Rows behind a chart as a reader sees them: States by name, sections, indicators and kinds in words."""

import pandas as pd

from ccmlib.base import fields
from ccmlib.language.languages import Language
from ccmlib.notebook import declared

#: Columns whose values are keys of the project.
WORDED = ("indicator", "kind", "method", "regional_group", "section", "standing", "step", "theme")


def rows(data: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Put the rows of a chart into words.

    Returns
    -------
    DataFrame
        The same rows, with a column ``state`` first where `data` names States by their code only.
    """
    labels = {name: indicator["label"] for name, indicator in fields.indicators().items()}
    keys = {**labels, **declared.SECTION_NAMES}
    said = data.copy()
    for name in data:
        words = keys if name in WORDED else {}
        said[name] = [language.text(words.get(value, value)) if isinstance(value, str) else value for value in data[name]]
    if "iso3" in data and not {"state", "name", "name_un"} & set(data.columns):
        said.insert(0, "state", [language.state(code) for code in data["iso3"].fillna("")])
    return said
