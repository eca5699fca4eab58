"""
Charts as pictures of a page.

The file of a chart holds its title, subtitle and source, so that it can travel alone. In a page these
are text around the picture, which phones can break into lines and everyone can read, and the picture
is cut down to the plot. It stands in the page as it is, so that a reader can point at its marks.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

from ccmlib.pages.markup import language_of

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
#: Ids that ccmlib.charts gives to what a page does not show: the texts around a plot and its white ground.
_AROUND = frozenset({"title", "subtitle", "source", "ground"})
#: That of the figure: plot-<top>-<bottom>.
_PLOT = re.compile(r"plot-([\d.]+)-([\d.]+)")
_URL = re.compile(r"url\(#([^)]+)\)")


def inline(svg: str, name: str, alt: str, kind: str = "") -> str:
    """Make a chart's SVG an element of a page: cut down to its plot, described, its ids unique in the page."""
    root = ET.fromstring(svg)
    found = None
    for parent in list(root.iter(f"{{{_SVG}}}g")):
        found = found or _PLOT.fullmatch(parent.get("id", ""))
        for child in [child for child in parent if child.get("id") in _AROUND]:
            parent.remove(child)
    width, height = (float(size) for size in root.get("viewBox", "0 0 576 317").split()[2:])
    top = float(found[1]) if found else 0
    height = float(found[2]) - top if found else height
    for node in root.iter():
        node.tag = node.tag.removeprefix(f"{{{_SVG}}}")
        _own_names(node, name)
    root.attrib.pop("version", "")
    root.attrib |= {"viewBox": f"0 {top:g} {width:g} {height:g}", "role": "img", "aria-label": str(alt),
                    "width": f"{width * 4 / 3:.0f}", "height": f"{height * 4 / 3:.0f}"}
    root.attrib |= {key: value for key, value in {"class": kind, "lang": language_of(alt)}.items() if value}
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def both(svg: str, narrow: str, name: str, alt: str) -> str:
    """Make a chart an element of a page, and, where there is one, its layout for phones."""
    if not narrow:
        return inline(svg, name, alt)
    return inline(svg, name, alt, "wide-chart") + inline(narrow, f"{name}-n", alt, "narrow-chart")


def _own_names(node: Any, name: str) -> None:
    """Let ids, and what points to them, begin with the picture's name."""
    if link := node.attrib.pop(_HREF, ""):
        node.set("href", f"#{name}-{link[1:]}" if link.startswith("#") else "#")
    if key := node.get("id"):
        node.set("id", f"{name}-{key}")
    for attribute, value in node.attrib.items():
        if "url(" in value:
            node.set(attribute, _URL.sub(rf"url(#{name}-\1)", value))
