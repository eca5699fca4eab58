"""The runner: notebooks in warm kernels, cached by content, published together.

The verbs of the ``ccm`` command; each gives an exit code: 0 done, 1 the data or a notebook is wrong, 2 wrong usage.
Nothing heavy is imported until a notebook has to run.
"""

from pathlib import Path
from typing import Any

PACKAGE_PARENT = Path(__file__).resolve().parents[2]
"""Folder from which :mod:`ccmlib` was imported."""


def report(period: str = "6MSP", **options: Any) -> int:
    """Make the progress report of a period.

    Parameters
    ----------
    period : str
        Name of a reporting period.
    **options
        Of :func:`ccmlib.run.verbs.report`.

    Returns
    -------
    int
        Exit code.
    """
    from ccmlib.run import verbs

    return verbs.report(period, **options)


def reports(**options: Any) -> int:
    """Make the reports of all periods.

    Parameters
    ----------
    **options
        Of :func:`ccmlib.run.verbs.reports`.

    Returns
    -------
    int
        Exit code.
    """
    from ccmlib.run import verbs

    return verbs.reports(**options)


def briefs(states: list[str] | None = None, period: str = "6MSP", **options: Any) -> int:
    """Make the briefs of States.

    Parameters
    ----------
    states : list of str, optional
        ISO3 codes or names; all that signed or joined by default.
    period : str
        Name of a reporting period.
    **options
        Of :func:`ccmlib.run.verbs.briefs`.

    Returns
    -------
    int
        Exit code.
    """
    from ccmlib.run import verbs

    return verbs.briefs(states, period, **options)


def compare(period_a: str, period_b: str, **options: Any) -> int:
    """Compare two periods, State by State.

    Parameters
    ----------
    period_a, period_b : str
        Names of two reporting periods, the earlier first.
    **options
        Of :func:`ccmlib.run.verbs.compare`.

    Returns
    -------
    int
        Exit code.
    """
    from ccmlib.run import verbs

    return verbs.compare(period_a, period_b, **options)
