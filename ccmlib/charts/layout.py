"""The frame of a chart: size, title, subtitle, source, and the files."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.gridspec import GridSpec

from ccmlib.charts.fitting import fit, fit_rows, fold_legend, stand_up
from ccmlib.charts.labels import break_labels, cut_off, move_apart
from ccmlib.charts.style import MUTED, style
from ccmlib.charts.svg import right_to_left, svg_text

#: Margin around everything, in points.
MARGIN = 10.0
#: Width of a chart on a phone, in inches; what is named WIDE_ONLY is left out there.
NARROW, WIDE_ONLY = 3.9, "wide-only"
#: Dots to the inch of a PNG.
DPI = 144


def new(width: float = 7.6, height: float = 4.4, **subplots: Any) -> tuple[Figure, Any]:
    """Start a chart in the house style.

    Parameters
    ----------
    width, height
        Size in inches; 7.6 is the width of the text.
    **subplots
        Passed to ``Figure.subplots``, for example ``nrows=2, sharex=True``.
    """
    style()
    fig = Figure(figsize=(width, height))
    FigureCanvasAgg(fig)
    return fig, fig.subplots(**subplots)


def finish(fig: Figure, title: str, subtitle: str, source: str, plot: float | None = None) -> Figure:
    """Write title, subtitle and source, and lay the chart out between them.

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
    plot
        Height to leave between the texts, in points; that of the figure then follows.

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
    top, bottom = _write(fig, title, subtitle, source)
    if plot is not None:
        fig.set_size_inches(fig.get_size_inches()[0], (top + plot + bottom) / 72)
        _write(fig, title, subtitle, source)
    width, height = fig.get_size_inches() * 72
    area = (MARGIN / width, (bottom + 8) / height, 1 - MARGIN / width, 1 - (top + 12) / height)
    for ax in fig.axes:
        if not ax.axison:  # a map has its texts inside: they need no room beside it, and no time
            for text in ax.texts:
                text.set_in_layout(False)
    fit_rows(fig)
    fig.tight_layout(pad=0, rect=area, h_pad=1.4, w_pad=1.4)
    # Broken texts leave more or less room to the plots, and these to the texts: twice is enough.
    for _ in range(2):
        if not fit(fig) and not cut_off(fig):
            break
        fig.tight_layout(pad=0, rect=area, h_pad=1.4, w_pad=1.4)
    fit(fig)
    move_apart(fig)
    # A page shows the texts beside the picture: it cuts the drawing here, see ccmlib.pages.pictures.
    fig.set_gid(f"plot-{top + 8:.1f}-{height - bottom - 4:.1f}")
    return fig


def _write(fig: Figure, title: str, subtitle: str, source: str) -> tuple[float, float]:
    """Write the texts around the plot; give how much they take above and below it, in points."""
    for text in [text for text in fig.texts if text.get_gid() in ("title", "subtitle", "source")]:
        text.remove()
    top = MARGIN
    top += _block(fig, title, top, "title", size=12.5, weight="bold")
    top += _block(fig, subtitle, top + 2, "subtitle", size=9.5, color=MUTED) + 2
    height = fig.get_size_inches()[1] * 72
    return top, MARGIN + _block(fig, source, height - MARGIN, "source", size=8, color=MUTED, va="bottom")


def _block(fig: Figure, words: str, top: float, gid: str, **look: Any) -> float:
    """Write a paragraph ``top`` points below the upper edge and return its height."""
    width, height = fig.get_size_inches() * 72
    renderer = fig.canvas.get_renderer()
    font = FontProperties(size=look["size"], weight=look.get("weight", "normal"))
    room = (width - 2 * MARGIN) * fig.dpi / 72

    def wide(line: str) -> float:
        return renderer.get_text_width_height_descent(line, font, ismath=False)[0]

    words = " ".join(words.replace(" %", "\u00a0%").split(" "))  # a per cent sign stays with its number
    letters = max(int(len(words) * room / max(wide(words), 1)), 8)
    while max(map(wide, lines := textwrap.wrap(words, letters, break_on_hyphens=False))) > room and letters > 8:
        letters -= 1
    margin, side = (1 - MARGIN / width, "right") if right_to_left(words) else (MARGIN / width, "left")
    text = fig.text(margin, 1 - top / height, "\n".join(lines), ha=side, linespacing=1.25, gid=gid, **{"va": "top", **look})
    return text.get_window_extent(renderer).height * 72 / fig.dpi


def save(fig: Figure, folder: str | Path, chart_id: str) -> str:
    """Write a chart as SVG and PNG, and as SVG for phones; the same chart gives the same bytes.

    Parameters
    ----------
    fig
        Finished figure; afterwards it is laid out for a phone.
    folder
        Folder to write to; made if it is not there.
    chart_id
        Name of the files: ``<chart_id>.svg``, ``.png`` and ``-narrow.svg``.

    Returns
    -------
    str
        Text of the SVG.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    svg, dpi = svg_text(fig), fig.dpi
    (folder / f"{chart_id}.svg").write_text(svg, encoding="utf-8", newline="")
    # The canvas itself: savefig would lay everything out once more, only to learn what it takes.
    fig.dpi = DPI
    FigureCanvasAgg(fig).print_png(folder / f"{chart_id}.png", metadata={"Software": None})
    fig.dpi = dpi
    if len(fig.texts) >= 3:
        (folder / f"{chart_id}-narrow.svg").write_text(svg_text(narrow(fig)), encoding="utf-8", newline="")
    return svg


def narrow(fig: Figure) -> Figure:
    """Lay a finished chart out again for a phone: panels below one another, rows as high as before."""
    texts = {text.get_gid(): " ".join(text.get_text().split()) for text in fig.texts}
    top, bottom = map(float, fig.get_gid().split("-")[1:])
    part, height = NARROW / fig.get_size_inches()[0], bottom - top
    grid = fig.axes[0].get_gridspec() if fig.axes[0].get_subplotspec() else None
    if grid is not None and grid.ncols > 1 and grid.ncols * grid.nrows >= len(fig.axes):
        columns = max(1, int(grid.ncols * part))
        rows = math.ceil(len(fig.axes) / columns)
        height *= rows / grid.nrows
        places = GridSpec(rows, columns, figure=fig)
        for k, ax in enumerate(fig.axes):
            ax.set_subplotspec(places[k])
    elif any(ax.get_aspect() != "auto" for ax in fig.axes):
        height *= part
    for artist in fig.findobj(lambda artist: artist.get_gid() == WIDE_ONLY):
        artist.set_visible(False)
    break_labels(fig)
    height += sum(stand_up(ax) for ax in fig.axes if ax.axison)
    height += sum(fold_legend(ax) for ax in fig.axes)
    fig.set_size_inches(NARROW, height / 72)
    return finish(fig, texts["title"], texts["subtitle"], texts["source"], height + 12)
