"""What explore.ipynb shows: tables and charts of a period, a regional group and an article, which follow its controls.

What makes them is plain: tidy tables and a choice in, rows, a table or a chart out. Only `controls` knows of widgets.
"""

from ccmlib.notebook.explore.controls import articles, dropdown, follow, periods, regions, table
from ccmlib.notebook.explore.drawings import draw_obligations, draw_parties, draw_reports
from ccmlib.notebook.explore.frames import ALL, figures, obligations, over_time, reports, select
from ccmlib.treaty.histories import Tables

__all__ = [
    "ALL", "Tables", "articles", "draw_obligations", "draw_parties", "draw_reports", "dropdown", "figures", "follow",
    "obligations", "over_time", "periods", "regions", "reports", "select", "table",
]
