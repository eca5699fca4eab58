"""A chart that names what it counts: one tile for each State, stacked in groups."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from ccmlib.charts.kinds import text_on
from ccmlib.charts.style import INK, palette

#: Width of a letter against its height, on the average of State names.
_LETTER = 0.58
#: Inches of a chart's width that tiles can fill, beside margins and the names of rows.
_ROOM = {False: 7.2, True: 6.2}


def named_tiles(
    ax: Any,
    groups: Mapping[str, Sequence[str]],
    colours: Sequence[str] | None = None,
    across: bool = False,
    size: float = 8.0,
) -> None:
    """
    Show each group as a bar of tiles, each with a name, so that the bar both counts and names.

    Parameters
    ----------
    ax
        Axes over the whole width; allow 0.27 inches of height for each tile or row.
    groups
        Names in each group, in the order of the groups.
    colours
        One colour for each group; the palette's first two in turn by default.
    across
        Groups as rows that grow to the right, for many groups of few; columns otherwise.
    size
        Size of the names, in points.
    """
    colours = colours or [palette(2)[k % 2] for k in range(len(groups))]
    longest = max([len(names) for names in groups.values()] + [4 if across else 1])
    places = longest if across else len(groups)
    letters = int(_ROOM[across] / places * 0.92 * 72 / (_LETTER * size))
    for place, (names, colour) in enumerate(zip(groups.values(), colours, strict=True)):
        for k, name in enumerate(names):
            # A column stands on the ground and reads from its top.
            x, y = (k, place) if across else (place, len(names) - 1 - k)
            ax.barh(y, 0.96, left=x - 0.48, height=0.86, color=colour)
            lines = textwrap.wrap(name, letters)
            if len(lines) > 1:
                lines = textwrap.wrap(name, max(letters, len(name) // 2 + 3))
            ax.text(x, y, "\n".join(lines), size=size if len(lines) == 1 else size * 0.82, linespacing=1.0,
                    ha="center", va="center", color=text_on(colour))
    ax.grid(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    # A row without names is one of which nothing is on record, which is not a nought.
    heads = [f"{name}  {len(names) or '–'}" if across else f"{name}\n{len(names)}" for name, names in groups.items()]
    if across:
        ax.set(xlim=(-0.5, longest - 0.5), ylim=(len(groups) - 0.4, -0.6), xticks=[])
        ax.set_yticks(range(len(groups)), heads, color=INK)
    else:
        ax.set(xlim=(-0.5, len(groups) - 0.5), ylim=(-0.6, longest - 0.4), yticks=[])
        ax.set_xticks(range(len(groups)), heads, color=INK)
        ax.tick_params(axis="x", length=0)
