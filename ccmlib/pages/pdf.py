"""The report on paper: WeasyPrint with the pages' own print stylesheet, no browser needed."""

from __future__ import annotations

import logging
from pathlib import Path

#: What the print stylesheet hides; emptied before the layout, which then goes faster.
SCREEN_ONLY = frozenset({"behind", "data", "by-state", "downloads", "sections", "skip", "find", "card-place",
                         "files", "anchor", "code", "ledger", "narrow-chart", "value-said"})


class PdfUnavailableError(Exception):
    """The libraries that make PDF files are not on this machine."""


def to_pdf(html_path: str | Path, pdf_path: str | Path) -> Path:
    """Make a PDF of a page made by this package; same page, same bytes. The error says what to install."""
    try:
        import weasyprint
    except ImportError as error:
        raise PdfUnavailableError("PDF needs the Python package weasyprint (pip install weasyprint)") from error
    except OSError as error:
        raise PdfUnavailableError("PDF needs the library Pango (Debian: apt-get install libpango-1.0-0 "
                                  "libpangoft2-1.0-0 libharfbuzz-subset0; macOS: brew install pango)") from error
    # WeasyPrint reports each screen-only property that it leaves out; none concerns paper.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    # A page loads nothing from elsewhere.
    only_data = weasyprint.urls.URLFetcher(allowed_protocols=["data"])
    html = weasyprint.HTML(filename=str(html_path), url_fetcher=only_data)
    for node in list(html.etree_element.iter()):
        if node.tag == "script" or SCREEN_ONLY & set((node.get("class") or "").split()):
            following = node.tail
            node.clear()
            node.tail = following
            node.set("style", "display: none")
    pdf_path = Path(pdf_path)
    pdf_path.write_bytes(html.write_pdf(pdf_identifier=b"ccm", pdf_tags=True))
    return pdf_path
