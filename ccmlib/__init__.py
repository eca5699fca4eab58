"""Progress reports of the Convention on Cluster Munitions, computed from spreadsheet exports.

What an analyst needs at the prompt, each loaded when first used:

>>> from ccmlib import open_section, parties, series, value
>>> value("initial_reports_overdue", "2016-06-30")
18
"""

import importlib

#: Public name → module that defines it (the module itself where both are the same).
PUBLIC = {
    "Figure": "figures.figure", "known": "figures.figure", "per_state": "figures.figure", "total": "figures.figure",
    "open_section": "notebook.section", "parties": "figures.trends", "series": "figures.trends",
    "states": "figures.trends", "value": "figures.trends", "charts": "charts", "names": "base.names",
    **{name: f"figures.{name}" for name in (
        "action_plan", "briefs", "comparison", "outlook", "projections", "quantities", "reconcile", "sentences",
        "trends")},
    **{name: f"treaty.{name}" for name in ("convention", "histories", "periods", "spells", "standing", "status")},
    "precedence": "tidy.precedence", "tables": "tidy.tables", "explore": "notebook.explore",
    "readable": "notebook.readable", "schema": "tidy.schema", "calendar_file": "pages.calendar_file",
}

__all__ = list(PUBLIC)


def __getattr__(name: str):
    if name not in PUBLIC:
        raise AttributeError(f"ccmlib has no {name!r}; it offers {', '.join(PUBLIC)}")
    module = importlib.import_module(f".{PUBLIC[name]}", __name__)
    return module if PUBLIC[name].rpartition(".")[2] == name else getattr(module, name)


def __dir__() -> list[str]:
    return __all__
