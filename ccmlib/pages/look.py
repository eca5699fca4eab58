"""The stylesheet and the script of all pages, and the same look for what a notebook shows in JupyterLab."""

from functools import cache
from pathlib import Path

#: Outputs of JupyterLab, more exactly than its own rules name them, and those rules that would show through.
_OUTPUT = ".jp-OutputArea-output.jp-RenderedHTMLCommon.jp-RenderedHTML"
_UNDO = ("table{margin-inline:0;table-layout:auto}tr{background:none!important}"
         ".state{pointer-events:none;color:inherit!important}")
_PARTS = "/* Findings and the figures behind them */", "/* Index */"


@cache
def asset(name: str) -> str:
    """Read the stylesheet or the script of all pages."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


@cache
def in_lab() -> str:
    """Give outputs of a notebook the look of the report, in the light and the dark theme of JupyterLab, as HTML."""
    css = asset("report.css")
    light, dark = (part.split("}", 1)[0] for part in css.split(":root {")[1:3])
    parts = css.split(_PARTS[0])[1].split(_PARTS[1])[0]
    hidden = css.split(".visually-hidden {")[1].split("}")[0]
    return (f"<style>{_OUTPUT}{{{light}{parts}{_UNDO}.visually-hidden{{{hidden}}}}}"
            f"[data-jp-theme-light=false] {_OUTPUT}{{{dark}}}</style>")
