"""The United Nations' names of States in the six languages, as in use on a day."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def in_use(english: Mapping[str, str], names_un: "pd.DataFrame") -> dict[str, dict[str, str]]:
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
