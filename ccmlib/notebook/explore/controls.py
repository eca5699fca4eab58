"""The controls of explore.ipynb and the places that follow them; its interactive tables."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from ccmlib.notebook.explore.drawings import ENGLISH
from ccmlib.notebook.explore.frames import ALL, ARTICLES, HEADINGS, group_name, shown
from ccmlib.pages import fragments
from ccmlib.treaty.histories import Tables

#: Wide tables scroll; addresses and places in files, and only they, break anywhere; the ground is the notebook's.
CELLS = ("div.dt-container{overflow-x:auto;--dt-html-background:transparent}"
         "table.dataTable thead th{white-space:normal}table.dataTable td.long{overflow-wrap:anywhere;min-width:10em}")


def periods(known: Tables) -> list[tuple[str, str]]:
    """Give the reporting periods to choose from, as (text, name)."""
    return [(f"{row.period}, {row.place}: {ENGLISH.date(row.start)} – {ENGLISH.date(row.end)}", row.period)
            for row in known["periods"].itertuples()]


def regions(known: Tables) -> list[tuple[str, str]]:
    """Give the regional groups of the United Nations to choose from, all first, as (text, name)."""
    groups = sorted(set(known["states"]["regional_group"]), key=lambda group: (group == "none", group))
    return [("All States", ALL), *((group_name(group), group) for group in groups)]


def articles() -> list[tuple[str, int]]:
    """Give the articles that oblige States one by one, as (text, number)."""
    return [(f"Article {number}: {what}", number) for number, what in ARTICLES.items()]


def dropdown(label: str, choices: list[tuple[str, Any]], value: Any):
    """Make the control for a choice.

    Parameters
    ----------
    label : str
        What is chosen.
    choices : list of tuple
        Texts and values.
    value : Any
        The value to begin with.

    Returns
    -------
    ipywidgets.Dropdown

    Raises
    ------
    ValueError
        Nothing to choose has this value; names those that there are.
    """
    import ipywidgets  # slow to import, and needed by one notebook

    values = [choice for _, choice in choices]
    if value not in values:
        raise ValueError(f"{label.lower()} {value!r}: there are {', '.join(map(str, values))}")
    return ipywidgets.Dropdown(
        options=choices, value=value, description=label, layout={"width": "max-content", "max_width": "100%"})


_following: dict[str, tuple[Callable, tuple]] = {}


def follow(name: str, view: Callable, *controls) -> None:
    """Show what a view gives for the controls' values, and again in the same place whenever one of them changes.

    The controls stand above it; one that stands above several places is the same control in each.

    Parameters
    ----------
    name : str
        Name of the place; a cell that is run again takes the place over.
    view : callable
        Takes the value of each control and gives something to display.
    *controls : ipywidgets.Widget
        With a `value`.
    """
    import ipywidgets
    from IPython.display import HTML, display, update_display

    def now() -> Any:
        return view(*(control.value for control in controls))

    def show_again(_change) -> None:
        try:
            update_display(now(), display_id=name)
        except Exception as error:  # what is left standing would belong to another choice
            told = fragments.note(f"{type(error).__name__}: {error}", kind="note warning")
            update_display(HTML(told), display_id=name)
            raise

    earlier, watched = _following.pop(name, (None, ()))
    for control in watched:
        control.unobserve(earlier, "value")
    display(ipywidgets.HBox(controls, layout={"flex_flow": "row wrap"}))
    display(now(), display_id=name)
    for control in controls:
        control.observe(show_again, "value")
    _following[name] = show_again, controls


def table(name: str, frame: pd.DataFrame, caption: str):
    """Make an interactive table: sorted by a click on a heading, filtered by typing, without any remote script.

    Parameters
    ----------
    name : str
        Id of the table.
    frame : DataFrame
        Its columns with a heading, and with anything in them, are shown; days as ISO dates.
    caption : str
        What it shows; the number of rows is put before it.

    Returns
    -------
    IPython.display.HTML
    """
    import itables  # slow to import, and needed by one notebook
    from IPython.display import HTML

    made = frame[shown(frame)].copy()
    days = list(made.select_dtypes("datetime"))
    for column in days:
        made[column] = made[column].dt.strftime("%Y-%m-%d")
    for column in made.select_dtypes("bool"):
        made[column] = made[column].map({True: "yes", False: ""})
    if "regional_group" in made:
        made["regional_group"] = made["regional_group"].map(group_name)
    made = made.astype("object").where(made.notna(), "")
    made = made.loc[:, made.ne("").any() | made.empty]
    looks = [{"targets": [place], "className": f"dt-left {look}"} for place, column in enumerate(made)
             for look, columns in {"long": ["source", "row"], "dt-nowrap": days}.items() if column in columns]
    return HTML(itables.to_html_datatable(
        made.rename(columns=HEADINGS), caption=f"{len(frame)} {caption}", table_id=f"explore-{name}", connected=False,
        maxBytes=0, showIndex=False, display_logo_when_loading=False, classes="display compact",
        style="table-layout:auto;width:100%;caption-side:top", css=CELLS,
        columnDefs=[*looks, {"targets": "_all", "className": "dt-left"}],
        layout={"topStart": "search", "topEnd": "pageLength", "bottomStart": "info", "bottomEnd": "paging"}))
