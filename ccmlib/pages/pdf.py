"""The report on paper: WeasyPrint with the pages' own print stylesheet, no browser needed."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

#: What the print stylesheet hides; taken out before the layout, which then goes faster.
SCREEN_ONLY = frozenset({"behind", "data", "by-state", "downloads", "sections", "skip", "find", "card-place",
                         "files", "anchor", "code", "ledger", "narrow-chart", "value-said"})


class PdfUnavailableError(Exception):
    """The libraries that make PDF files are not on this machine."""


def to_pdf(html_path: str | Path, pdf_path: str | Path) -> Path:
    """Make a PDF of a page; same page, same bytes.

    Parameters
    ----------
    html_path
        A page made by this package.
    pdf_path
        File to write.

    Raises
    ------
    PdfUnavailableError
        If WeasyPrint or Pango is missing; the message says what to install.
    """
    weasyprint = _weasyprint()
    # WeasyPrint reports each screen-only property that it leaves out; none concerns paper.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    # A page loads nothing from elsewhere.
    only_data = weasyprint.urls.URLFetcher(allowed_protocols=["data"])
    html = weasyprint.HTML(filename=str(html_path), url_fetcher=only_data)
    _take_out(html.etree_element, SCREEN_ONLY)
    pdf_path = Path(pdf_path)
    pdf_path.write_bytes(html.write_pdf(pdf_identifier=b"ccm", pdf_tags=True))
    return pdf_path


def _take_out(element: Any, classes: frozenset[str]) -> None:
    for child in list(element):
        if child.tag == "script" or classes & set((child.get("class") or "").split()):
            _keep_tail(element, child)
            element.remove(child)
        else:
            _take_out(child, classes)


def _keep_tail(parent: Any, child: Any) -> None:
    """Leave the text that follows an element, which ElementTree counts as part of it."""
    at = list(parent).index(child)
    if at:
        parent[at - 1].tail = (parent[at - 1].tail or "") + (child.tail or "")
    else:
        parent.text = (parent.text or "") + (child.tail or "")


def _weasyprint() -> Any:
    try:
        import weasyprint
    except ImportError as error:
        raise PdfUnavailableError("PDF needs the Python package weasyprint (pip install weasyprint)") from error
    except OSError as error:
        raise PdfUnavailableError(
            "PDF needs the library Pango (Debian: apt-get install libpango-1.0-0 "
            "libpangoft2-1.0-0 libharfbuzz-subset0; macOS: brew install pango)"
        ) from error
    return weasyprint
