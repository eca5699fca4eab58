"""Who published a row, and who is followed where publishers disagree: the rule is data (dictionary/precedence.yml)."""

from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

RULES = Path(__file__).parent / "dictionary" / "precedence.yml"


@cache
def rules() -> dict:
    """Read the publishers and the order in which each group of facts ranks them."""
    return yaml.load(RULES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@lru_cache(maxsize=10_000)
def publisher_of(source: str) -> str:
    """Name the publisher behind a source; of several joined by "; ", the first.

    Examples
    --------
    >>> publisher_of("6MSP report, para 53; http://www.the-monitor.org/en-gb/reports/2016/chad")
    '6MSP report'
    >>> publisher_of("http://archives.the-monitor.org/index.php")
    'Landmine and Cluster Munition Monitor'
    """
    first = source.split(";")[0]
    host = (urlsplit(first).hostname or first.split("/")[0]).strip()
    for publisher in rules()["publishers"]:
        if any(host == known or host.endswith("." + known) for known in publisher.get("hosts", ())):
            return publisher["name"]
        if any(first.startswith(begin) for begin in publisher.get("begins", ())):
            return publisher["name"]
    return host


@cache
def rank_of(publisher: str, group: str = "reported") -> int:
    """Rank a publisher for a group of facts: 1 comes first; those that the rule does not list come last.

    Examples
    --------
    >>> rank_of("Mine Action Review", "clearance")
    2
    """
    order = [name.split(" (copy at ")[0] for name in rules()["groups"][group]["order"]]
    name = publisher.split(" (copy at ")[0]
    return order.index(name) + 1 if name in order else len(order) + 1
