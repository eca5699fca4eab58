"""A chart as SVG: real text, no dates, and nothing said of each mark that can be said once of all."""

from __future__ import annotations

import io
import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from ccmlib.charts.style import style

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_GROUP, _DEFS = f"{{{_SVG}}}g", f"{{{_SVG}}}defs"
_MARKS, _LEAVES = "marks:", {f"{{{_SVG}}}{name}" for name in ("path", "use", "rect", "circle")}
#: Readers' own fonts first; DejaVu Sans, by which all is measured, is wider than any of these. What matplotlib says of all
#: lines in a stylesheet would hold for the whole page.
_LOOK = {"font-family": "system-ui, Segoe UI, Roboto, Helvetica Neue, Noto Sans, Arial, sans-serif",
         "stroke-linejoin": "round", "stroke-linecap": "butt"}
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
#: Groups that are asked for by name: the texts around the plot, its place and its ground, and its marks.
_NAMED = re.compile(r"(title|subtitle|source|ground|plot-[\d.]+-[\d.]+|marks:.*)$", re.DOTALL)
_STEP = re.compile(r"([ML])\s+(\S+)\s+(\S+)|z")
_ZERO = re.compile(r"^(-?)0\.")
_FAMILY = re.compile(r"font-family: [^;]*; ?")
_SPACE = re.compile(r"\s*([:;CQz])\s*")
_REFERENCE = re.compile(r"(?<=url\(#)[^)]+|(?<=^#).+")
#: It holds for a group as a whole, not for each of what is in it.
_OPACITY = re.compile(r"(?<!-)opacity")


def svg_text(fig: Figure, name: str = "chart") -> str:
    """Draw a chart as SVG with real text, without dates, comments and needless decimals; its ids begin with its name."""
    buffer, canvas, dpi = io.BytesIO(), fig.canvas, fig.dpi
    style()
    fig.patch.set_gid("ground")
    FigureCanvasSVG(fig).print_svg(buffer, metadata={"Date": None, "Creator": None})
    fig.dpi = dpi
    fig.set_canvas(canvas)
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(buffer.getvalue())
    for node in [node for node in root if node.tag == f"{{{_SVG}}}metadata" or node.find(f"{{{_SVG}}}style") is not None]:
        root.remove(node)
    root.attrib |= _LOOK
    for node in root.iter():
        node.text, node.tail = (text if text and text.strip() else None for text in (node.text, node.tail))
        if node.text and right_to_left(node.text):
            node.set("unicode-bidi", "plaintext")  # its order is its own; its place is measured from the left
        for key, value in node.attrib.items():
            if key == "style":
                value = _SPACE.sub(r"\1", _FAMILY.sub("", value))
            elif key == "d":
                value = _SPACE.sub(r"\1", value) if "C" in value or "Q" in value else shortened(value)
            # Nobody sees less than a tenth of a point, and the file is a fifth smaller.
            node.set(key, value if key == "id" else _LONG_NUMBER.sub(lambda n: f"{float(n[0]):.1f}".removesuffix(".0"), value))
        if node.get("transform", "").startswith("rotate(-0 "):
            del node.attrib["transform"]
        if node.tag == _GROUP and not _NAMED.match(node.get("id", "")):
            node.attrib.pop("id", None)
    _write_marks(root)
    _say_once(root)
    _name_ids(root, name)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True) + "\n"


def mark(artist: Any, says: Sequence[str], iso3: Sequence[str] | None = None) -> None:
    """Let each mark of an artist say what it shows, in a page: a text for each, in their order, and the State it is about."""
    codes = [""] * len(says) if iso3 is None else ["" if pd.isna(code) else code for code in iso3]
    artist.set_gid(_MARKS + json.dumps([(code, text.replace("\n", " ")) for code, text in zip(codes, says, strict=True)]))


def _write_marks(root: ET.Element) -> None:
    """Give each mark of an SVG its text and State, in place of the names that `mark` left."""
    for group in root.iter(_GROUP):
        if not group.get("id", "").startswith(_MARKS):
            continue
        pairs = json.loads(group.attrib.pop("id").removeprefix(_MARKS))
        hidden = {leaf for defs in group.iter(_DEFS) for leaf in defs.iter()}
        leaves = [node for node in group.iter() if node.tag in _LEAVES and node not in hidden]
        if len(leaves) == len(pairs):  # a mark that has no place is not drawn
            for leaf, (iso3, text) in zip(leaves, pairs, strict=True):
                leaf.set("class", "mark")
                if iso3:
                    leaf.set("data-iso3", iso3)
                ET.SubElement(leaf, f"{{{_SVG}}}title").text = text


def right_to_left(words: str) -> bool:
    """Tell whether a text runs from right to left, as its first letter does."""
    return next((kind != "L" for kind in map(unicodedata.bidirectional, words) if kind in ("L", "R", "AL")), False)


def _say_once(node: ET.Element) -> None:
    """Say of a group what all in it say, and leave out groups that say nothing."""
    for child in list(node):
        _say_once(child)
        if child.tag == _GROUP and not child.attrib:
            at = list(node).index(child)
            node[at:at + 1] = list(child)
    if node.tag != _GROUP:
        return
    drawn = [child for child in node if child.tag != _DEFS]
    for name in ("style", "clip-path"):
        said = {child.get(name, "") for child in drawn}
        if len(said) == 1 and name not in node.attrib and (same := said.pop()) and not _OPACITY.search(same):
            node.set(name, same)
            for child in drawn:
                del child.attrib[name]


def _name_ids(root: ET.Element, name: str) -> None:
    """Give what is referred to a short id, which no other chart of a page has."""
    nodes = [node for node in root.iter() if node.tag != _GROUP and "id" in node.attrib]
    short = {node.get("id"): f"{name}-i{k}" for k, node in enumerate(nodes)}
    for node in nodes:
        node.set("id", short[node.get("id")])
    for node in root.iter():
        for key, value in node.attrib.items():
            if key == _HREF or "url(#" in value:
                node.set(key, _REFERENCE.sub(lambda found: short.get(found[0], found[0]), value))


def shortened(path: str) -> str:
    """Write a path of straight lines with the distance of each point from the one before: half as long.

    Examples
    --------
    >>> shortened("M 100.04 20 L 101.1 18.5 L 100 20 z")
    'M100 20l1.1-1.5-1.1 1.5z'
    """
    written, here, last = "", (0, 0), ""
    for command, *point in _STEP.findall(path):
        if not command:
            written, last = written + "z", ""
            continue
        at = tuple(round(float(number) * 10) for number in point)  # in tenths of a point, so that rounding does not add up
        if command == "M":
            written += f"M{at[0] / 10:g} {at[1] / 10:g}"
        else:
            across, up = (_ZERO.sub(r"\1.", f"{(now - before) / 10:g}") for now, before in zip(at, here, strict=True))
            written += ("l" if last != "L" else "" if across.startswith("-") else " ") + across
            written += ("" if up.startswith("-") else " ") + up
        here, last = at, command
    return written
