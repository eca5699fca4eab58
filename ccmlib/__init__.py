"""Progress reports of the Convention on Cluster Munitions, computed from spreadsheet exports.

What an analyst needs at the prompt, each loaded when first used:

>>> from ccmlib import open_section, series, states, value
>>> value("initial_reports_overdue", "2016-06-30")
18
"""

import importlib

#: Function or class → module that defines it.
OBJECTS = {
    **{name: "figures.series" for name in ("durations", "figure", "series", "standings", "states", "value")},
    **{name: "figures.figure" for name in ("Figure", "known", "per_state")},
    "Facts": "treaty.facts", "open_section": "notebook.section",
}
#: Name → module.
MODULES = {
    **{name: f"figures.{name}" for name in ("changes", "one_state", "outlook", "projections", "reconcile", "vocabulary")},
    **{name: f"treaty.{name}" for name in ("action_plan", "convention", "on_day", "periods")},
    "charts": "charts", "names": "base.names", "fields": "base.fields", "precedence": "tidy.precedence",
    "tables": "tidy.tables", "trends": "figures.series", "explore": "notebook.explore", "calendar_file": "pages.calendar_file",
}
__all__ = [*OBJECTS, *MODULES]


def __getattr__(name: str):
    if name not in __all__:
        raise AttributeError(f"ccmlib has no {name!r}; it offers {', '.join(__all__)}")
    module = importlib.import_module(f".{OBJECTS.get(name) or MODULES[name]}", __name__)
    return getattr(module, name) if name in OBJECTS else module


def __dir__() -> list[str]:
    return __all__
