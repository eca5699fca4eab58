"""Marks of a chart that a reader can point at: which State each is about, and what it says."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import Any

import pandas as pd

_SVG = "http://www.w3.org/2000/svg"
_LEAVES = {f"{{{_SVG}}}{name}" for name in ("path", "use", "rect", "circle")}
_MARKS, _NEXT, _OF = "marks:", "\u241e", "\u241f"
#: A chart is drawn where at least so many of its marks are known, and at least this share of them.
LEAST, SHARE = 8, 0.5


def worth_drawing(frame: Any) -> bool:
    """Tell whether there is something to see: at least eight marks are known, and at least half of all.

    Parameters
    ----------
    frame
        DataFrame or Series of what would be plotted; each cell is a mark; a blank, or ``unknown``, is not known.

    Examples
    --------
    >>> worth_drawing(pd.Series([1] * 8 + [None] * 8)), worth_drawing(pd.Series([1] * 8 + [None] * 9))
    (True, False)
    >>> worth_drawing(pd.Series(range(7)))
    False
    """
    cells = pd.DataFrame(frame).stack(future_stack=True)
    known = cells.notna() & ~cells.isin(["", "unknown"])
    return bool(known.sum() >= LEAST and known.mean() >= SHARE)


def mark(artist: Any, says: Sequence[str], iso3: Sequence[str] | None = None) -> Any:
    """Let each mark of an artist say what it shows, when it is pointed at in a page.

    Parameters
    ----------
    artist
        Collection, line of markers or patch.
    says
        A text for each of its marks, in their order.
    iso3
        Code of the State that each is about.
    """
    codes = iso3 if iso3 is not None else [""] * len(says)
    pairs = (f"{'' if pd.isna(code) else code}{_OF}{text}" for code, text in zip(codes, says, strict=True))
    artist.set_gid(_MARKS + _NEXT.join(pairs).replace("\n", " "))
    return artist


def write_marks(root: ET.Element) -> None:
    """Give each mark of an SVG its text and State, in place of the names that `mark` left."""
    for group in root.iter(f"{{{_SVG}}}g"):
        gid = group.get("id", "")
        if not gid.startswith(_MARKS):
            continue
        del group.attrib["id"]
        pairs = [pair.split(_OF) for pair in gid.removeprefix(_MARKS).split(_NEXT)]
        hidden = {leaf for defs in group.iter(f"{{{_SVG}}}defs") for leaf in defs.iter()}
        leaves = [node for node in group.iter() if node.tag in _LEAVES and node not in hidden]
        if len(leaves) == len(pairs):  # a mark that has no place is not drawn
            for leaf, (iso3, text) in zip(leaves, pairs, strict=True):
                leaf.set("class", "mark")
                if iso3:
                    leaf.set("data-iso3", iso3)
                ET.SubElement(leaf, f"{{{_SVG}}}title").text = text
