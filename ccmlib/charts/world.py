"""The world as a map, from the file of shapes in ``data/raw``: no request, no geographical library."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.path import Path as Outline

from ccmlib.base import project
from ccmlib.charts.kinds import counted_legend
from ccmlib.charts.marks import mark
from ccmlib.charts.style import FAINT, PATTERN

SHAPES, SMALL_STATES = "natural_earth_countries_110m.json", "natural_earth_small_states.csv"
#: To be written below the map.
BOUNDARY_NOTE = (
    "The boundaries and names shown and the designations used on this map do not imply official endorsement or "
    "acceptance by the United Nations."
)
#: M49 code of Antarctica, which no map of States needs.
_ANTARCTICA = "010"
#: Shapes of the file that maps of the United Nations do not set apart → the State within which they lie.
_WITHIN = {"N. Cyprus": "196", "Somaliland": "706", "Kosovo": "688", "158": "156"}
#: Coefficients of the Equal Earth projection (Šavrič, Patterson and Jenny, 2018).
_A = (1.340264, -0.081106, 0.000893, 0.003796)
#: Distance of two points of an outline that can be told apart; the width of the world is 5.4. Fewest corners to keep.
_STEP, _CORNERS = 0.008, 3
#: Area of a dot for a small State, in square points.
_DOT = 26


def world_map(
    ax: Any, frame: Any, colours: Mapping[str, str], status: str = "status",
    patterns: Mapping[str, str] = PATTERN, labels: Callable[[str], str] = str,
) -> None:
    """Show the status of every State on a map of equal areas; small States are dots.

    Parameters
    ----------
    ax
        Axes, about 7.6 by 4.4 inches.
    frame
        One row for each State: ``iso3``, ``m49`` (three digits), ``state``, its name, and its status.
    colours
        Colour of each status, in the order of the legend.
    status
        Column with the status.
    patterns
        Hatching by status, for those who do not tell the colours apart.
    labels
        Translates statuses.

    Raises
    ------
    ValueError
        If a status has no colour, or a State no place.
    FileNotFoundError
        If the file of shapes is not in ``data/raw``.
    """
    shapes, points = outlines(project.RAW / SHAPES), small_states(project.RAW / SMALL_STATES)
    strange = sorted(set(frame[status]) - set(colours))
    strange += sorted(frame.loc[~frame["m49"].isin({*shapes, *points}), "iso3"])
    if strange:
        raise ValueError(f"map: no colour or place for {', '.join(map(str, strange))}")
    shown = set(frame["m49"])
    rest = [path for m49, path in shapes.items() if m49 not in shown]
    ax.add_collection(PathCollection(rest, facecolors=FAINT, edgecolors="white", linewidths=0.4))
    for kind, colour in colours.items():
        of = frame[frame[status] == kind]
        says = dict(zip(of["m49"], (f"{state}: {labels(kind)}" for state in of["state"]), strict=True))
        codes = dict(zip(of["m49"], of["iso3"], strict=True))
        look = {"facecolors": colour, "hatch": patterns.get(kind), "linewidths": 0.4}
        for has, edge in ((shapes, "white"), (points, "#51606c")):
            here = [m49 for m49 in of["m49"] if m49 in has]
            if not here:
                continue
            if has is shapes:
                drawn = ax.add_collection(PathCollection([shapes[m49] for m49 in here], edgecolors=edge, **look))
            else:
                drawn = ax.scatter(*zip(*(points[m49] for m49 in here), strict=True), s=_DOT, edgecolors=edge, zorder=3, **look)
            mark(drawn, [says[m49] for m49 in here], [codes[m49] for m49 in here])
    ax.set(xlim=(-2.72, 2.8), ylim=(-1.25, 1.33))
    ax.set_aspect("equal", anchor="N")
    ax.axis("off")
    counted_legend(ax, frame[status], colours, patterns, labels, loc="lower left")


@cache
def outlines(path: Path) -> dict[str, Outline]:
    """Decode the countries of a TopoJSON file and project them.

    Parameters
    ----------
    path
        File with the object ``countries``, whose geometries have M49 codes as ids; see
        https://github.com/topojson/topojson-specification.

    Returns
    -------
    dict
        Outline by M49 code of three digits.
    """
    topology = json.loads(path.read_text(encoding="utf-8"))
    scale, move = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    # Each point of an arc is given by its distance from the one before; an arc is shared by neighbours.
    arcs = [np.cumsum(arc, axis=0) * scale + move for arc in topology["arcs"]]

    def ring(indices: list[int]) -> Outline:
        parts = [arcs[k] if k >= 0 else arcs[~k][::-1] for k in indices]
        points = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
        points[:, 0] = np.unwrap(points[:, 0], period=360)  # what crosses the date line goes on beyond it
        places = projected(points)
        steps = np.round(places / _STEP)
        steps = steps[np.append(True, np.any(np.diff(steps, axis=0) != 0, axis=1))]
        ways = np.diff(steps, axis=0)
        turns = ways[:-1, 0] * ways[1:, 1] != ways[:-1, 1] * ways[1:, 0]  # a point on the way of its neighbours says nothing
        steps = steps[np.concatenate([[True], turns, [True]])] if len(steps) > 1 else steps
        return Outline(steps * _STEP if len(steps) > _CORNERS else places, closed=True)

    found: dict[str, list[Outline]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        code = shape.get("id") or shape["properties"]["name"]
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        parts = found.setdefault(_WITHIN.get(code, code), [])
        parts.extend(ring(indices) for polygon in polygons for indices in polygon)
    del found[_ANTARCTICA]
    return {code: Outline.make_compound_path(*rings) for code, rings in found.items()}


@cache
def small_states(path: Path) -> dict[str, tuple[float, float]]:
    """Read where the dots of small States stand, projected, by M49 code."""
    with path.open(encoding="utf-8", newline="") as rows:
        return {row["m49"]: tuple(projected(np.array([[float(row["longitude"]), float(row["latitude"])]]))[0])
                for row in csv.DictReader(rows)}


def projected(points: np.ndarray) -> np.ndarray:
    """Project degrees of longitude and latitude to a plane on which equal areas are equal (Equal Earth)."""
    longitude, latitude = np.radians(points).T
    angle = np.arcsin(np.sqrt(3) / 2 * np.sin(latitude))
    a1, a2, a3, a4 = _A
    slope = 9 * a4 * angle**8 + 7 * a3 * angle**6 + 3 * a2 * angle**2 + a1
    x = 2 * np.sqrt(3) * longitude * np.cos(angle) / (3 * slope)
    return np.column_stack([x, a4 * angle**9 + a3 * angle**7 + a2 * angle**3 + a1 * angle])
