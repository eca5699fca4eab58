"""Progress reports of the Convention on Cluster Munitions, computed from spreadsheet exports.

What an analyst needs at the prompt, each loaded when first used:

>>> from ccmlib import open_section, series, states, value
>>> value("initial_reports_overdue", "2016-06-30")
18
"""

import importlib

#: Public name → module that defines it (the module itself where both are the same).
PUBLIC = {
    **{name: "figures.series" for name in ("figure", "series", "standings", "states", "value")},
    "Facts": "treaty.facts", "Figure": "figures.figure", "known": "figures.figure", "per_state": "figures.figure",
    "total": "figures.figure", "open_section": "notebook.section", "charts": "charts", "names": "base.names",
    **{name: f"figures.{name}" for name in (
        "changes", "one_state", "outlook", "projections", "reconcile", "vocabulary")},
    "trends": "figures.series",
    **{name: f"treaty.{name}" for name in ("action_plan", "convention", "on_day", "periods")},
    "precedence": "tidy.precedence", "fields": "base.fields", "tables": "tidy.tables", "explore": "notebook.explore",
    "calendar_file": "pages.calendar_file",
}

__all__ = list(PUBLIC)


def __getattr__(name: str):
    if name not in PUBLIC:
        raise AttributeError(f"ccmlib has no {name!r}; it offers {', '.join(PUBLIC)}")
    module = importlib.import_module(f".{PUBLIC[name]}", __name__)
    return module if PUBLIC[name].rpartition(".")[2] == name else getattr(module, name, module)


def __dir__() -> list[str]:
    return __all__
