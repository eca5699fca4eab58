"""What the process from which kernels and workers are forked imports, once for all of them."""

import atexit
import gc
import importlib
import io
import os
import shutil
import sys

MODULES = (
    "ccmlib.run.task", "ccmlib.run.pages", "papermill", "pandas", "pyarrow.dataset", "pyarrow.parquet",
    "matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "ipykernel.kernelapp",
    "ipykernel.ipkernel", "IPython.core.completer", "ccmlib.notebook.section", "ccmlib.figures.reconcile", "num2words",
)  # fmt: skip
FOLDER = "CCM_FORK_SERVER"
"""Environment variable with the run's folder, set for the fork server alone."""


def warm_up() -> None:
    """Import the libraries and run each slow first step once."""
    for name in MODULES:
        try:
            importlib.import_module(name)
        except Exception as broken:  # noqa: BLE001 - whoever needs the module reports it, the notebook in its cell
            print(f"not imported beforehand: {name}: {broken!r}", file=sys.stderr)
    for first in (first_chart, first_frame, first_page):
        first()
    gc.collect()
    gc.freeze()  # a child's collector never visits what is here now, so its pages stay shared


def first_chart() -> None:
    """Draw into nothing: fonts are looked up and glyphs read once, not once a notebook."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    # Not through pyplot: that would settle the backend, which belongs to each kernel.
    for canvas, kind in ((FigureCanvasAgg, "png"), (FigureCanvasSVG, "svg")):
        figure = Figure(figsize=(2, 1))
        canvas(figure)
        axes = figure.add_subplot(title="a")
        axes.plot([1, 2], [1, 2], label="a")
        axes.legend()
        figure.savefig(io.BytesIO(), format=kind)


def first_frame() -> None:
    """Touch what pandas loads when first used, and set what it would have set in a kernel."""
    import pandas as pd

    pd.set_option("display.max_columns", 20)  # a kernel has no terminal: frames are shown as wide as they are
    frame = pd.DataFrame({"iso3": ["LAO", "NOR"], "on": pd.to_datetime(["2009-03-18", "2008-12-03"])})
    frame.groupby("iso3")["on"].min().to_frame().merge(frame, on="iso3").to_html()


def first_page() -> None:
    """Compile the templates."""
    from ccmlib.pages import exporter

    for name in ("index.html.j2", "body.html.j2"):
        exporter.environment().get_template(name)


def settle(folder: str) -> None:
    """Leave the driver's terminal, send all output to a file, and clear the folder away when the last process ends."""
    os.setsid()  # Ctrl-C reaches the driver alone
    messages = os.open(os.path.join(folder, "messages"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(messages, stream)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


if FOLDER in os.environ:
    settle(os.environ.pop(FOLDER))
    warm_up()
