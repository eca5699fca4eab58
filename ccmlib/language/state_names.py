"""The United Nations' names of States in the six languages, as in use on a day."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from ccmlib.base.names import StateNames
from ccmlib.language.languages import Language


def speaking(locale: str, names: StateNames, names_un: pd.DataFrame, day: date) -> Language:
    """Give a language with the names of States on a day; `names_un` is the tidy table ``state_names_un``."""
    return Language(locale, in_use({iso3: names.name(iso3, day) for iso3 in names}, names_un))


def in_use(english: Mapping[str, str], names_un: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Give the names in each language (by language, then ISO3) that go with the English names in use on a day.

    Where no wording of a former name is on record, it is the name now.
    """
    former_name = names_un["former_name"].fillna("")
    used = names_un[(former_name == "") | (former_name == names_un["iso3"].map(english))]
    used = used.assign(former_name=former_name).sort_values("former_name", kind="stable")
    by_language = {code: dict(zip(rows["iso3"], rows["short_name"], strict=True)) for code, rows in used.groupby("language")}
    return {**by_language, "en": dict(english)}
