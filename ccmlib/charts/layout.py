"""The frame of a chart: size, title, subtitle, source, and the files."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ccmlib.charts.fitting import fit, fit_rows
from ccmlib.charts.labels import move_apart
from ccmlib.charts.style import MUTED, style

#: Margin around everything, in points.
MARGIN = 10.0
_SVG = "http://www.w3.org/2000/svg"
#: Readers' own fonts first; DejaVu Sans, by which all is measured, is wider than any of these.
_FAMILIES = "system-ui, Segoe UI, Roboto, Helvetica Neue, Noto Sans, Arial, sans-serif"
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_NAMED = re.compile(r"(title|subtitle|source|plot-[\d.]+-[\d.]+)$")
_FAMILY = re.compile(r"font-family: [^;]*; ?")


def new(width: float = 7.6, height: float = 4.4, **subplots: Any) -> tuple[Figure, Any]:
    """
    Start a chart in the house style.

    Parameters
    ----------
    width, height
        Size in inches; 7.6 is the width of the text.
    **subplots
        Passed to ``Figure.subplots``, for example ``nrows=2, sharex=True``.

    Returns
    -------
    tuple
        Figure and axes.
    """
    style()
    fig = Figure(figsize=(width, height))
    FigureCanvasAgg(fig)
    return fig, fig.subplots(**subplots)


def finish(fig: Figure, title: str, subtitle: str, source: str) -> Figure:
    """
    Write title, subtitle and source, and lay the chart out between them.

    Parameters
    ----------
    fig
        Figure from :func:`new`.
    title
        What the chart finds, in a sentence.
    subtitle
        What, where, when and unit.
    source
        Where the data come from, written as given: ``Source: United Nations Treaty Collection``.

    Returns
    -------
    matplotlib.figure.Figure
        The same figure. Long texts are wrapped and labels moved apart.

    Raises
    ------
    ValueError
        If a text is empty.
    """
    for name, text in (("title", title), ("subtitle", subtitle), ("source", source)):
        if not text.strip():
            raise ValueError(f"a chart needs a {name}; write one sentence")
    width, height = fig.get_size_inches() * 72
    top = MARGIN
    top += _block(fig, title, top, "title", size=12.5, weight="bold")
    top += _block(fig, subtitle, top + 2, "subtitle", size=9.5, color=MUTED) + 2
    bottom = MARGIN
    text = fig.text(MARGIN / width, bottom / height, _wrapped(fig, source, 8),
                    size=8, color=MUTED, va="bottom", ha="left", linespacing=1.25, gid="source")
    bottom += _height(fig, text)
    area = (MARGIN / width, (bottom + 8) / height, 1 - MARGIN / width, 1 - (top + 12) / height)
    fit_rows(fig)
    fig.tight_layout(pad=0, rect=area, h_pad=1.4, w_pad=1.4)
    # Broken texts leave more or less room to the plots, and these to the texts: twice is enough.
    for _ in range(2):
        if fit(fig):
            fig.tight_layout(pad=0, rect=area, h_pad=1.4, w_pad=1.4)
    move_apart(fig)
    # A page shows the texts beside the picture: it cuts the drawing here, see ccmlib.pages.pictures.
    fig.set_gid(f"plot-{top + 8:.1f}-{height - bottom - 4:.1f}")
    return fig


def _block(fig: Figure, words: str, top: float, gid: str, size: float, **look: Any) -> float:
    """Write a paragraph below ``top`` points and return its height."""
    width, height = fig.get_size_inches() * 72
    text = fig.text(MARGIN / width, 1 - top / height,
                    _wrapped(fig, words, size, look.get("weight", "normal")), size=size,
                    va="top", ha="left", linespacing=1.25, gid=gid, **look)
    return _height(fig, text)


def _height(fig: Figure, text: Any) -> float:
    return text.get_window_extent(fig.canvas.get_renderer()).height * 72 / fig.dpi


def _wrapped(fig: Figure, words: str, size: float, weight: str = "normal") -> str:
    """Break a text into lines that fit the figure, by measuring it."""
    room = fig.bbox.width - 2 * MARGIN * fig.dpi / 72
    renderer = fig.canvas.get_renderer()
    probe = fig.text(0, 0, "", size=size, weight=weight)
    lines: list[str] = []
    for word in words.replace(" %", "\u00a0%").split(" "):  # a per cent sign stays with its number
        probe.set_text(f"{lines[-1]} {word}" if lines else word)
        if lines and probe.get_window_extent(renderer).width <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    probe.remove()
    return "\n".join(lines)


def save(fig: Figure, folder: str | Path, chart_id: str) -> str:
    """
    Write a chart as SVG and PNG; the same chart gives the same bytes.

    Parameters
    ----------
    fig
        Finished figure.
    folder
        Folder to write to; made if it is not there.
    chart_id
        Name of the files.

    Returns
    -------
    str
        Text of the SVG.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    svg = svg_text(fig)
    (folder / f"{chart_id}.svg").write_text(svg, encoding="utf-8", newline="")
    fig.savefig(folder / f"{chart_id}.png", metadata={"Software": None})
    return svg


def svg_text(fig: Figure) -> str:
    """
    Draw a chart as SVG with real text, without dates, comments and needless decimals.

    Parameters
    ----------
    fig
        Finished figure.

    Returns
    -------
    str
        SVG.
    """
    buffer = io.BytesIO()
    style()
    fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(buffer.getvalue())
    for node in root.findall(f"{{{_SVG}}}metadata"):
        root.remove(node)
    root.set("font-family", _FAMILIES)
    for node in root.iter():
        if node.text and not node.text.strip():
            node.text = None
        if node.tail and not node.tail.strip():
            node.tail = None
        for name, value in node.attrib.items():
            if name == "style":
                value = _FAMILY.sub("", value)
            node.set(name, _LONG_NUMBER.sub(_rounded, value))
        if node.get("transform", "").startswith("rotate(-0 "):
            del node.attrib["transform"]
        # Only the texts around the plot, and its place, are asked for by name.
        if node.tag == f"{{{_SVG}}}g" and not _NAMED.match(node.get("id", "")):
            node.attrib.pop("id", None)
    return ET.tostring(root, encoding="unicode") + "\n"


def _rounded(found: re.Match[str]) -> str:
    """Keep a tenth of a point: nobody sees less, and the file is a fifth smaller."""
    return f"{float(found[0]):.1f}".removesuffix(".0")
