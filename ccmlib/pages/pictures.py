"""
Charts as pictures of a page.

The file of a chart holds its title, subtitle and source, so that it can travel alone. In a page these
are text around the picture, which phones can break into lines and everyone can read, and the picture
is cut down to the plot.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from urllib.parse import quote

_SVG = "http://www.w3.org/2000/svg"
#: Ids that ccmlib.charts gives to the texts around a plot, and to the figure: plot-<top>-<bottom>.
_TEXTS = frozenset({"title", "subtitle", "source"})
_PLOT = re.compile(r"plot-([\d.]+)-([\d.]+)")
_TAG = re.compile(r"<[^>]*>")
_LENGTH = re.compile(r"([\d.]+)(pt|px)?")


def plot_only(svg: str) -> str:
    """
    Cut a chart's SVG down to its plot.

    Parameters
    ----------
    svg
        Text of an SVG file.

    Returns
    -------
    str
        The same picture without title, subtitle and source; an SVG of another origin as it is.
    """
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(svg)
    found = None
    for parent in root.iter(f"{{{_SVG}}}g"):
        found = found or _PLOT.fullmatch(parent.get("id", ""))
        for child in list(parent):
            if child.get("id") in _TEXTS:
                parent.remove(child)
    if not found:
        return svg
    top, bottom = float(found[1]), float(found[2])
    width = root.get("viewBox", "").split()[2]
    root.set("viewBox", f"0 {found[1]} {width} {bottom - top:g}")
    root.set("height", f"{bottom - top:g}pt")
    return ET.tostring(root, encoding="unicode")


def svg_uri(svg: str) -> str:
    """
    Make the data URI of an SVG; percent-encoding is a third shorter than base64 here.

    Parameters
    ----------
    svg
        Text of an SVG file.

    Returns
    -------
    str
        A URI that can stand in a quoted attribute as it is.
    """
    text = svg[svg.index("<svg"):] if "<svg" in svg else svg
    # In a double-quoted attribute single quotes need no encoding.
    text = _TAG.sub(lambda tag: tag[0] if "'" in tag[0] else tag[0].replace('"', "'"), text)
    return "data:image/svg+xml," + quote(" ".join(text.split()), safe=" !$()*+,-./:;=?@_~'[]{}|^`")


def svg_size(svg: str) -> tuple[int, int]:
    """
    Read the size of an SVG in CSS pixels.

    Parameters
    ----------
    svg
        Text of an SVG file whose root element has a width and a height in points or pixels.

    Returns
    -------
    tuple of int
        Width and height.

    Raises
    ------
    ValueError
        If the root element has no such size.
    """
    root = re.search(r"<svg[^>]*>", svg)
    sizes = []
    for name in ("width", "height"):
        found = re.search(rf'\s{name}="{_LENGTH.pattern}"', root[0] if root else "")
        if not found:
            raise ValueError(f"the SVG has no {name} in points or pixels on its root element")
        sizes.append(round(float(found[1]) * (4 / 3 if found[2] == "pt" else 1)))
    return sizes[0], sizes[1]
