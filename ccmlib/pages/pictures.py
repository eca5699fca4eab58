"""
Charts as pictures of a page.

The file of a chart holds its title, subtitle and source, so that it can travel alone. In a page these
are text around the picture, which phones can break into lines and everyone can read, and the picture
is cut down to the plot. It stands in the page as it is, so that a reader can point at its marks.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from ccmlib.pages.markup import language_of

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
#: Ids that ccmlib.charts gives to what a page does not show: the texts around a plot and its white ground.
_AROUND = frozenset({"title", "subtitle", "source", "ground"})
#: That of the figure: plot-<top>-<bottom>.
_PLOT = re.compile(r"plot-([\d.]+)-([\d.]+)")


def inline(svg: str, alt: str, kind: str = "") -> str:
    """Make a chart's SVG, whose ids begin with its name, an element of a page: cut down to its plot, described."""
    root = ET.fromstring(svg)
    width, bottom = (float(size) for size in root.get("viewBox").split()[2:])
    top = 0.0
    for parent in list(root.iter(f"{{{_SVG}}}g")):
        if found := _PLOT.fullmatch(parent.get("id", "")):
            top, bottom = map(float, found.groups())
            del parent.attrib["id"]  # of other charts of the page it may be the same
        for child in [child for child in parent if child.get("id") in _AROUND]:
            parent.remove(child)
    for node in root.iter():
        node.tag = node.tag.removeprefix(f"{{{_SVG}}}")
        if _HREF in node.attrib:
            node.set("href", node.attrib.pop(_HREF))
    root.attrib.pop("version", "")
    height = bottom - top
    root.attrib |= {"viewBox": f"0 {top:g} {width:g} {height:g}", "role": "img", "aria-label": str(alt),
                    "width": f"{width * 4 / 3:.0f}", "height": f"{height * 4 / 3:.0f}"}
    root.attrib |= {key: value for key, value in {"class": kind, "lang": language_of(alt)}.items() if value}
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def both(svg: str, narrow: str, alt: str) -> str:
    """Make a chart an element of a page, and, where there is one, its layout for phones."""
    return inline(svg, alt, "wide-chart") + inline(narrow, alt, "narrow-chart") if narrow else inline(svg, alt)
