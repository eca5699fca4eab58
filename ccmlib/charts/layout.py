"""The frame of a chart: size, title, subtitle, source, and the files."""

from __future__ import annotations

import math
import textwrap
from functools import cache
from pathlib import Path
from typing import Any

from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.transforms import offset_copy

from ccmlib.charts.fitting import box, direct_labels, fit, fit_inside, fit_rows, fold_legend, move_apart, stand_up
from ccmlib.charts.style import MUTED, style
from ccmlib.charts.svg import right_to_left, svg_text

#: Margin around everything, in points.
MARGIN = 10.0
#: Width of a chart on a phone, in inches, and letters of a line of a direct label.
NARROW, LETTERS = 3.9, 18
#: Dots to the inch of a PNG.
DPI = 144


class Measuring(FigureCanvasBase):
    """A canvas on which all charts are laid out: its one renderer remembers every text that it has measured."""

    def get_renderer(self) -> RendererAgg:
        """Give what measures."""
        return _renderer(self.figure.dpi)


@cache
def _renderer(dpi: float) -> RendererAgg:
    return RendererAgg(1, 1, dpi)


def new(width: float = 7.6, height: float = 4.4, **subplots: Any) -> tuple[Figure, Any]:
    """Start a chart in the house style; width (7.6 is that of the text) and height in inches, ``Figure.subplots``'s options."""
    style()
    fig = Figure(figsize=(width, height))
    Measuring(fig)
    return fig, fig.subplots(**subplots)


def finish(fig: Figure, title: str, subtitle: str, source: str, plot: float | None = None) -> Figure:
    """Write title, subtitle and source, and lay the chart out between them: long texts are wrapped and labels moved apart.

    Parameters
    ----------
    fig
        Figure from :func:`new`; it is given back.
    title, subtitle, source
        What the chart finds, in a sentence; what, where, when and unit; where the data come from, written as given:
        ``Source: United Nations Treaty Collection``.
    plot
        Height to leave between the texts, in points; that of the figure then follows.
    """
    for text in [text for text in fig.texts if text.get_gid() in ("title", "subtitle", "source")]:
        text.remove()
    top = MARGIN + _block(fig, title, -MARGIN, "title", size=12.5, weight="bold")
    top += 2 + _block(fig, subtitle, -top - 2, "subtitle", size=9.5, color=MUTED)
    bottom = MARGIN + _block(fig, source, MARGIN, "source", size=8, color=MUTED)
    if plot is not None:
        fig.set_size_inches(fig.get_size_inches()[0], (top + plot + bottom) / 72)
    width, height = fig.get_size_inches() * 72
    area = (MARGIN / width, (bottom + 8) / height, 1 - MARGIN / width, 1 - (top + 12) / height)
    fit_rows(fig)
    fig.tight_layout(pad=0, rect=area, h_pad=1.4, w_pad=1.4)
    # Broken texts leave more or less room to the plots, and these to the texts: twice is enough.
    for _ in range(2):
        if not fit(fig) and all(box(label).x1 <= fig.bbox.width for label in direct_labels(fig)):
            break
        fig.tight_layout(pad=0, rect=area, h_pad=1.4, w_pad=1.4)
    else:
        fit(fig)
    fit_inside(fig)
    move_apart(fig)
    # A page shows the texts beside the picture: it cuts the drawing here, see `inline` of ccmlib.pages.fragments.
    fig.set_gid(f"plot-{top + 8:.1f}-{height - bottom - 4:.1f}")
    return fig


def _block(fig: Figure, words: str, up: float, gid: str, **look: Any) -> float:
    """Write a paragraph so far above the lower edge, or below the upper one, in points, and return its height."""
    width, words = fig.get_size_inches()[0] * 72, words.replace(" %", "\u00a0%")  # a per cent sign stays with its number
    across, side = (1 - MARGIN / width, "right") if right_to_left(words) else (MARGIN / width, "left")
    text = fig.text(across, int(up < 0), words, ha=side, va="top" if up < 0 else "bottom", linespacing=1.25,
                    gid=gid, transform=offset_copy(fig.transFigure, fig, 0, up, "points"), **look)
    room = (width - 2 * MARGIN) * fig.dpi / 72
    letters = max(int(len(words) * room / max(box(text).width, 1)), 8)
    text.set_text(textwrap.fill(words, letters, break_on_hyphens=False))
    while box(text).width > room and letters > 8:
        letters -= 1
        text.set_text(textwrap.fill(words, letters, break_on_hyphens=False))
    return box(text).height * 72 / fig.dpi


def save(fig: Figure, folder: str | Path, chart_id: str, png: bool = True) -> str:
    """Write a chart as SVG and PNG, and as SVG for phones, and give the text of the first; same chart, same bytes.

    Parameters
    ----------
    fig
        Finished figure; afterwards it is laid out for a phone.
    folder, chart_id
        Where to write ``<chart_id>.svg``, ``.png`` and ``-narrow.svg``; made if it is not there.
    png
        Whether a PNG is needed: a page shows none.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    svg, dpi = svg_text(fig, chart_id), fig.dpi
    (folder / f"{chart_id}.svg").write_text(svg, encoding="utf-8", newline="")
    if png:  # by the canvas itself: savefig would lay everything out once more, only to learn what it takes
        canvas, fig.dpi = fig.canvas, DPI
        FigureCanvasAgg(fig).print_png(folder / f"{chart_id}.png", metadata={"Software": None})
        fig.dpi = dpi
        fig.set_canvas(canvas)
    (folder / f"{chart_id}-narrow.svg").write_text(svg_text(narrow(fig), f"{chart_id}-n"), encoding="utf-8", newline="")
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
    for label in direct_labels(fig):
        label.set_text(textwrap.fill(" ".join(label.get_text().split()), LETTERS, break_long_words=False))
    height += sum(stand_up(ax) for ax in fig.axes if ax.axison) + sum(map(fold_legend, fig.axes))
    fig.set_size_inches(NARROW, height / 72)
    return finish(fig, texts["title"], texts["subtitle"], texts["source"], height + 12)
