"""The runner: notebooks run by content, each once, in kernels of their own; reports published whole."""

from ccmlib.run.verbs import briefs, compare, report, reports

__all__ = ["briefs", "compare", "report", "reports"]
