"""The world as a map, from the file of shapes in ``data/raw``: no request, no geographical library."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.collections import PathCollection
from matplotlib.path import Path as Outline

from ccmlib.base import project
from ccmlib.charts.kinds import counted_legend
from ccmlib.charts.style import FAINT, MUTED, PATTERN
from ccmlib.charts.svg import mark

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
    frame, status
        One row for each State: ``iso3``, ``m49`` (three digits), ``state``, its name, and the column with its status.
    colours, patterns
        Colour of each status, in the order of the legend; and hatching, for those who do not tell the colours apart. A
        ValueError names statuses without colour and States without a place.
    labels
        Translates statuses.
    """
    shapes, points = outlines(project.RAW / SHAPES), small_states(project.RAW / SMALL_STATES)
    strange = sorted(set(frame[status]) - set(colours))
    strange += sorted(frame.loc[~frame["m49"].isin({*shapes, *points}), "iso3"])
    if strange:
        raise ValueError(f"map: no colour or place for {', '.join(map(str, strange))}")
    rest = [path for m49, path in shapes.items() if m49 not in set(frame["m49"])]
    ax.add_collection(PathCollection(rest, facecolors=FAINT, edgecolors="white", linewidths=0.4))
    for kind, colour in colours.items():
        of = frame[frame[status] == kind]
        look = {"facecolors": colour, "hatch": patterns.get(kind), "linewidths": 0.4}
        for places in (shapes, points):
            here = of[of["m49"].isin(list(places))]
            at = [places[m49] for m49 in here["m49"]]
            if not at:
                continue
            if places is shapes:
                drawn = ax.add_collection(PathCollection(at, edgecolors="white", **look))
            else:
                drawn = ax.scatter(*zip(*at, strict=True), s=_DOT, edgecolors=MUTED, zorder=3, **look)
            mark(drawn, [f"{state}: {labels(kind)}" for state in here["state"]], here["iso3"])
    ax.set(xlim=(-2.72, 2.8), ylim=(-1.25, 1.33))
    ax.set_aspect("equal", anchor="N")
    ax.axis("off")
    counted_legend(ax, frame[status], colours, patterns, labels, loc="lower left")


@cache
def outlines(path: Path) -> dict[str, Outline]:
    """Decode and project the ``countries`` of a TopoJSON file (https://github.com/topojson/topojson-specification).

    Each has an M49 code of three digits.
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
        found.setdefault(_WITHIN.get(code, code), []).extend(ring(indices) for polygon in polygons for indices in polygon)
    return {code: Outline.make_compound_path(*rings) for code, rings in found.items() if code != _ANTARCTICA}


@cache
def small_states(path: Path) -> dict[str, tuple[float, float]]:
    """Read where the dots of small States stand, projected, by M49 code."""
    table = pd.read_csv(path, dtype={"m49": str})
    return dict(zip(table["m49"], map(tuple, projected(table[["longitude", "latitude"]].to_numpy())), strict=True))


def projected(points: np.ndarray) -> np.ndarray:
    """Project degrees of longitude and latitude to a plane on which equal areas are equal (Equal Earth)."""
    longitude, latitude = np.radians(points).T
    angle = np.arcsin(np.sqrt(3) / 2 * np.sin(latitude))
    a1, a2, a3, a4 = _A
    slope = 9 * a4 * angle**8 + 7 * a3 * angle**6 + 3 * a2 * angle**2 + a1
    x = 2 * np.sqrt(3) * longitude * np.cos(angle) / (3 * slope)
    return np.column_stack([x, a4 * angle**9 + a3 * angle**7 + a2 * angle**3 + a1 * angle])
