"""Colours and matplotlib settings of the house style."""

from __future__ import annotations

import logging
import warnings
from functools import cache
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.colors import to_rgb

INK, MUTED, FAINT = "#18232d", "#51606c", "#dde3e8"
#: Fonts with Chinese characters, which DejaVu Sans has not; the first that the machine has fills in for it.
CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "Droid Sans Fallback",
)
#: Told apart with any colour vision and, by their lightness, in greyscale.
_PALETTE = ("#0b2f4f", "#0077b6", "#d66e1c", "#66bc96", "#8c3b2e", "#bccad4")
#: What a colour means, in every chart: standing towards the Convention, state of an obligation or of a report.
STATUS = {
    "party": "#0077b6", "signatory": "#66bc96", "not_party": "#dde3e8", "withdrawn": "#8c3b2e",
    "done": "#0077b6", "open": "#8fc1e3", "late": "#b3391b", "due": "#8fc1e3", "not_due": "#bccad4",
    "none": "#dde3e8", "unknown": "#ffffff",
}
#: Patterns of statuses that stand on a map, for those who do not tell the colours apart.
PATTERN = {"signatory": "////", "withdrawn": "xxxx", "unknown": "...."}


@cache
def _settings() -> mpl.RcParams:
    return mpl.rc_params_from_file(str(Path(__file__).with_name("ccm.mplstyle")), use_default_template=False)


def style(locale: str = "") -> None:
    """Set matplotlib to the house style, for all charts drawn after this.

    Texts of the charts are in the language of the locale; that of the charts before, if none is given.
    """
    fonts = list(mpl.rcParams["font.family"])
    mpl.rcParams.update(_settings())
    if locale == "zh" or (not locale and len(fonts) > 1):
        mpl.rcParams["font.family"] = [*mpl.rcParams["font.sans-serif"], *_chinese_font()]
        # Not once more for each character: the lack of a font has been told.
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font", UserWarning)


@cache
def _chinese_font() -> tuple[str, ...]:
    # A font that fills in may have one weight only; to say so of every chart would hide what matters.
    logging.getLogger("matplotlib.font_manager").addFilter(lambda record: "font weight" not in record.getMessage())
    known = set(font_manager.get_font_names())
    found = tuple(name for name in CHINESE if name in known)[:1]
    if not found:
        logging.getLogger(__name__).warning(
            "no font with Chinese characters: PNG charts will show boxes; install one, such as fonts-droid-fallback"
        )
    return found


def palette(count: int = 6) -> list[str]:
    """Return colours that readers can tell apart, the most important first; more than six nobody can."""
    if not 1 <= count <= len(_PALETTE):
        raise ValueError(f"{count} colours: between 1 and {len(_PALETTE)} can be told apart; "
                         "group the rest or use small multiples")
    return list(_PALETTE[:count])


def text_on(colour: str) -> str:
    """Choose dark or white text for a background: the one with the higher contrast."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.06 else INK
