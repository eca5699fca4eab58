"""The United Nations' names of States in the six languages, as in use on a day."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from ccmlib.base.names import StateNames
from ccmlib.language.languages import Language


def speaking(locale: str, states: pd.DataFrame, names_un: pd.DataFrame, day: date) -> Language:
    """Give a language with the names of States as in use on a day.

    Parameters
    ----------
    locale : str
        One of en, fr, es, ru, ar, zh.
    states, names_un : DataFrame
        The tidy tables ``states`` and ``state_names_un``.
    day : date
        The last day of the report.
    """
    names = StateNames(states)
    return Language(locale, in_use({iso3: names.name(iso3, day) for iso3 in states["iso3"]}, names_un))


def in_use(english: Mapping[str, str], names_un: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Give the names of States in each language that go with the English names in use on a day.

    Parameters
    ----------
    english : mapping of str to str
        ISO3 → UN short name in use on the day, as the State register gives it.
    names_un : DataFrame
        The tidy table ``state_names_un``: the names now, and wordings of former names.

    Returns
    -------
    dict of str to dict of str to str
        Language → ISO3 → short name. Where no wording of a former name is on record, it is the name now.
    """
    former_name = names_un["former_name"].fillna("")
    used = names_un[(former_name == "") | (former_name == names_un["iso3"].map(english))]
    used = used.assign(former_name=former_name).sort_values("former_name", kind="stable")
    by_language = {code: dict(zip(rows["iso3"], rows["short_name"], strict=True)) for code, rows in used.groupby("language")}
    return {**by_language, "en": dict(english)}
