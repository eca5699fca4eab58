"""
Charts in one house style: a finding as title, what, when and unit below it, direct labels, source.

Draw with :func:`new`, the helpers here or plain matplotlib; then :func:`finish` and :func:`save`
(in a notebook, the section's ``chart()`` does both).
"""

from ccmlib.charts.fitting import direct_label, label_line_ends
from ccmlib.charts.kinds import bars, matrix, named_tiles, stacked_bars, tile_map, worth_drawing
from ccmlib.charts.layout import finish, new, save
from ccmlib.charts.obligations import bounds, obligations_timeline
from ccmlib.charts.over_time import dates
from ccmlib.charts.style import PATTERN, STATUS, palette, style
from ccmlib.charts.svg import mark
from ccmlib.charts.world import BOUNDARY_NOTE, world_map

__all__ = [
    "BOUNDARY_NOTE", "PATTERN", "STATUS", "bars", "bounds", "dates", "direct_label", "finish", "label_line_ends", "mark",
    "matrix", "named_tiles", "new", "obligations_timeline", "palette", "save", "stacked_bars", "style", "tile_map",
    "world_map", "worth_drawing",
]
