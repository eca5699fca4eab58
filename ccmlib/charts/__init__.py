"""
Charts in one house style: a finding as title, what, when and unit below it, direct labels, source.

Draw with :func:`new`, the helpers here or plain matplotlib; then :func:`finish` and :func:`save`
(in a notebook, the section's ``chart()`` does both).
"""

from ccmlib.charts.kinds import bars, matrix, stacked_bars, tile_map, timeline
from ccmlib.charts.labels import direct_label, label_line_ends, overlaps, spread
from ccmlib.charts.layout import finish, new, save
from ccmlib.charts.named import named_tiles
from ccmlib.charts.obligations import bounds, obligations_timeline
from ccmlib.charts.marks import worth_drawing
from ccmlib.charts.style import STATUS, palette, style

__all__ = [
    "STATUS", "bars", "bounds", "direct_label", "finish", "label_line_ends", "matrix", "named_tiles",
    "new", "obligations_timeline", "overlaps", "palette", "save", "spread", "stacked_bars", "style",
    "tile_map", "timeline", "worth_drawing",
]
