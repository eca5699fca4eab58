"""A State's dates as a calendar file (RFC 5545): the same bytes for the same dates, on any machine."""

from datetime import UTC, timedelta
from html import escape
from pathlib import Path
from urllib.parse import quote

import pandas as pd
from icalendar import Calendar, Event

from ccmlib.base.files import write_whole
from ccmlib.base.outgoing import one_line

PRODUCER = "-//CCM notebooks//State brief//EN"


def calendar_text(events: pd.DataFrame, iso3: str, state: str, as_of: pd.Timestamp) -> str:
    """Write all-day events as the text of an .ics file.

    Parameters
    ----------
    events : DataFrame
        on, key, what, source; one row for each event, `key` unique.
    iso3, state : str
        The State's code and name. Code and key make an event's UID: a later file moves the event, it does not add one.
    as_of : Timestamp
        The day on which the dates are known; it stands for the time of writing.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", one_line(state))
    for row in events.itertuples():
        event = Event()
        event.add("uid", f"{iso3}-{row.key}@ccm-notebooks")
        event.add("dtstamp", as_of.to_pydatetime().replace(tzinfo=UTC))
        event.add("dtstart", row.on.date())
        event.add("dtend", row.on.date() + timedelta(days=1))
        event.add("summary", one_line(f"{state}: {row.what}"))
        event.add("description", one_line(row.source))
        event.add("transp", "TRANSPARENT")
        event.add("categories", ["Convention on Cluster Munitions"])
        calendar.add_component(event)
    return calendar.to_ical(sorted=True).decode("utf-8")


def write_calendar(text: str, path: Path) -> None:
    """Write a calendar file whole or not at all, with the line ends that the format asks for."""
    write_whole(path, text)


def calendar_link(text: str, name: str, label: str) -> str:
    """Link to a calendar that the page itself carries, as HTML."""
    target = f"data:text/calendar;charset=utf-8,{quote(text)}"
    return f'<p class="downloads"><a download="{escape(name)}" href="{target}">{escape(label)}</a></p>'
