"""A chart as SVG: real text, no dates, and nothing said of each mark that can be said once of all."""

from __future__ import annotations

import io
import re
import unicodedata
import xml.etree.ElementTree as ET

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from ccmlib.charts.marks import write_marks
from ccmlib.charts.style import style

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_GROUP, _DEFS = f"{{{_SVG}}}g", f"{{{_SVG}}}defs"
#: Readers' own fonts first; DejaVu Sans, by which all is measured, is wider than any of these.
_FAMILIES = "system-ui, Segoe UI, Roboto, Helvetica Neue, Noto Sans, Arial, sans-serif"
#: What matplotlib says of all lines in a stylesheet, which would hold for the whole page.
_LINES = {"stroke-linejoin": "round", "stroke-linecap": "butt"}
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
#: Groups that are asked for by name: the texts around the plot, its place and its ground, and its marks.
_NAMED = re.compile(r"(title|subtitle|source|ground|plot-[\d.]+-[\d.]+|marks:.*)$", re.DOTALL)
_STEP = re.compile(r"[MLz]|-?\d+(?:\.\d+)?(?:e-?\d+)?")
_ZERO = re.compile(r"^(-?)0\.")
_FAMILY = re.compile(r"font-family: [^;]*; ?")
_SPACE = re.compile(r"\s*([:;CQz])\s*")
_URL = re.compile(r"url\(#([^)]+)\)")
#: It holds for a group as a whole, not for each of what is in it.
_OPACITY = re.compile(r"(?<!-)opacity")


def svg_text(fig: Figure) -> str:
    """Draw a chart as SVG with real text, without dates, comments and needless decimals."""
    buffer, dpi = io.BytesIO(), fig.dpi
    style()
    fig.patch.set_gid("ground")
    FigureCanvasSVG(fig).print_svg(buffer, metadata={"Date": None, "Creator": None})
    fig.dpi = dpi
    FigureCanvasAgg(fig)
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(buffer.getvalue())
    for node in [node for node in root if node.tag == f"{{{_SVG}}}metadata" or node.find(f"{{{_SVG}}}style") is not None]:
        root.remove(node)
    root.attrib |= {"font-family": _FAMILIES, **_LINES}
    for node in root.iter():
        node.text, node.tail = (text if text and text.strip() else None for text in (node.text, node.tail))
        if node.text and right_to_left(node.text):
            node.set("unicode-bidi", "plaintext")  # its order is its own; its place is measured from the left
        for name, value in node.attrib.items():
            if name == "style":
                value = _SPACE.sub(r"\1", _FAMILY.sub("", value))
            elif name == "d":
                value = _SPACE.sub(r"\1", value) if "C" in value or "Q" in value else shortened(value)
            node.set(name, _LONG_NUMBER.sub(_rounded, value) if name != "id" else value)
        if node.get("transform", "").startswith("rotate(-0 "):
            del node.attrib["transform"]
        if node.tag == _GROUP and not _NAMED.match(node.get("id", "")):
            node.attrib.pop("id", None)
    write_marks(root)
    _say_once(root)
    _number_ids(root)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True) + "\n"


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


def _number_ids(root: ET.Element) -> None:
    """Give what is referred to a short id."""
    short: dict[str, str] = {}
    for node in root.iter():
        if node.tag != _GROUP and "id" in node.attrib:
            node.set("id", short.setdefault(node.get("id"), f"i{len(short)}"))
    for node in root.iter():
        for name, value in node.attrib.items():
            if name == _HREF:
                node.set(name, f"#{short.get(value[1:], value[1:])}")
            elif "url(#" in value:
                node.set(name, _URL.sub(lambda found: f"url(#{short.get(found[1], found[1])})", value))


def shortened(path: str) -> str:
    """Write a path of straight lines with the distance of each point from the one before: half as long.

    Examples
    --------
    >>> shortened("M 100.04 20 L 101.1 18.5 L 100 20 z")
    'M100 20l1.1-1.5-1.1 1.5z'
    """
    written, here = [], (0, 0)
    steps = iter(_STEP.findall(path))
    for command in steps:
        if command == "z":
            written.append("z")
            continue
        # In tenths of a point, so that rounding does not add up.
        x, y = (round(float(next(steps)) * 10) for _ in range(2))
        if command == "M":
            written.append(f"M{x / 10:g} {y / 10:g}")
        else:
            numbers = [_ZERO.sub(r"\1.", f"{(now - before) / 10:g}") for now, before in zip((x, y), here, strict=True)]
            joined = numbers[0] + ("" if numbers[1].startswith("-") else " ") + numbers[1]
            first = written[-1].startswith(("M", "z"))
            written.append(("l" if first else "" if joined.startswith("-") else " ") + joined)
        here = (x, y)
    return "".join(written)


def _rounded(found: re.Match[str]) -> str:
    """Keep a tenth of a point: nobody sees less, and the file is a fifth smaller."""
    return f"{float(found[0]):.1f}".removesuffix(".0")
