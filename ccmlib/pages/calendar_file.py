"""Dates that come as a calendar file (RFC 5545): the same bytes for the same dates, on any machine."""

from datetime import UTC, timedelta
from html import escape
from urllib.parse import quote

import pandas as pd
from icalendar import Alarm, Calendar, Event

from ccmlib.base.outgoing import one_line

PRODUCER = "-//CCM notebooks//Progress report//EN"
#: Days before an event on which a calendar reminds of it.
REMINDERS = (90, 30)


def calendar_text(events: pd.DataFrame, iso3: str, state: str, as_of: pd.Timestamp) -> str:
    """Write all-day events that are still to come as the text of an .ics file.

    Parameters
    ----------
    events : DataFrame
        on, key, what, description; one row for each event, `key` unique. Events up to `as_of` are left out.
    iso3, state : str
        The State's code and name, or those of the report. Code and key make an event's UID: a later file moves the
        event, it does not add one.
    as_of : Timestamp
        The day on which the dates are known; it stands for the time of writing.
    """
    calendar = Calendar({"prodid": PRODUCER, "version": "2.0", "x-wr-calname": one_line(state)})
    for row in events[events["on"] > as_of].itertuples():
        summary, day = one_line(f"{state}: {row.what}"), row.on.date()
        event = Event.new(
            uid=f"{iso3}-{row.key}@ccm-notebooks", stamp=as_of.to_pydatetime().replace(tzinfo=UTC), start=day,
            end=day + timedelta(days=1), summary=summary, description=one_line(row.description), transparency="TRANSPARENT",
            categories=["Convention on Cluster Munitions"],
            subcomponents=[Alarm.new_display(summary, timedelta(days=-days)) for days in REMINDERS])
        calendar.add_component(event)
    return calendar.to_ical(sorted=True).decode("utf-8")


def calendar_link(text: str, name: str, label: str) -> str:
    """Link to a calendar that the page itself carries, as HTML."""
    target = f"data:text/calendar;charset=utf-8,{quote(text)}"
    return f'<p class="downloads"><a class="ics" download="{escape(name)}" href="{target}">{escape(label)}</a></p>'
