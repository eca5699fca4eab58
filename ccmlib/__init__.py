"""Progress reports of the Convention on Cluster Munitions, computed from spreadsheet exports.

What an analyst needs at the prompt, each loaded when first used:

>>> from ccmlib import open_section, parties, series, value
>>> value("initial_reports_overdue", "2016-06-30")
18
"""

import importlib

#: Public name → module that defines it (the module itself where both are the same).
PUBLIC = {
    "Figure": "figures", "known": "figures", "per_state": "figures", "total": "figures", "open_section": "section",
    "parties": "trends", "series": "trends", "states": "trends", "value": "trends", "charts": "charts",
    "action_plan": "action_plan", "comparison": "comparison", "convention": "convention", "names": "names",
    "outlook": "outlook", "periods": "periods", "precedence": "precedence", "projections": "projections",
    "reconcile": "reconcile", "status": "status", "tables": "tables", "trends": "trends",
}

__all__ = list(PUBLIC)


def __getattr__(name: str):
    if name not in PUBLIC:
        raise AttributeError(f"ccmlib has no {name!r}; it offers {', '.join(PUBLIC)}")
    module = importlib.import_module(f".{PUBLIC[name]}", __name__)
    return module if PUBLIC[name] == name else getattr(module, name)


def __dir__() -> list[str]:
    return __all__
