"""What the process from which kernels and workers are forked imports, once for all of them."""

import atexit
import gc
import importlib
import io
import os
import shutil

MODULES = (
    "ccmlib.run.task", "ccmlib.run.pages", "papermill", "pandas", "pyarrow.parquet",
    "matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "ipykernel.kernelapp",
    "ipykernel.ipkernel", "ipykernel.debugger", "IPython.core.completer", "ccmlib.notebook.section",
    "ccmlib.figures.reconcile", "num2words",
)  # fmt: skip
#: Modules that two notebooks of a report import: for one report worth it only where there is time, while the tables are made.
SLOW = (
    "statsmodels.duration.survfunc", "statsmodels.regression.linear_model", "statsmodels.tsa.exponential_smoothing.ets",
)  # fmt: skip
#: Environment variable with the run's folder, set for the fork server alone.
FOLDER = "CCM_FORK_SERVER"


def warm_up() -> None:
    """Import the libraries and run each slow first step once: fonts, what pandas loads late, templates."""
    for name in MODULES:
        importlib.import_module(name)
    import pandas as pd
    from jupyter_client.localinterfaces import localhost
    from matplotlib.figure import Figure
    from nbformat import v4

    from ccmlib.base import fields
    from ccmlib.figures import vocabulary
    from ccmlib.pages import context, exporter
    from ccmlib.treaty import observations, periods

    figure = Figure(figsize=(2, 1))  # not of pyplot: that would settle the backend, which belongs to each kernel
    axes = figure.add_subplot(title="a")
    axes.plot([1, 2], [1, 2], label="a")
    axes.legend()
    for kind in ("png", "svg"):
        figure.savefig(io.BytesIO(), format=kind)
    pd.set_option("display.max_columns", 20)  # a kernel has no terminal: frames are shown as wide as they are
    frame = pd.DataFrame({"iso3": ["LAO", "NOR"], "on": pd.to_datetime(["2009-03-18", "2008-12-03"])})
    frame.groupby("iso3")["on"].min().to_frame().merge(frame, on="iso3").to_html()
    for read in (fields.tables, fields.indicators, vocabulary.entries, observations.questions, localhost):
        read()
    shown = v4.new_output("display_data", {"text/html": "<p>a</p>"})
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# a"), v4.new_code_cell("a", outputs=[shown])])
    year = context.PageContext(periods.from_days("2011-01-01", "2011-12-31"), code=True)
    for make in (exporter.to_html, exporter.to_body):
        make(notebook, "a", year)
    gc.collect()
    gc.freeze()  # a child's collector never visits what is here now, so its pages stay shared


if FOLDER in os.environ:
    folder = os.environ.pop(FOLDER)
    os.setsid()  # Ctrl-C reaches the driver alone
    messages = os.open(os.path.join(folder, "messages"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(messages, stream)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        warm_up()
    except Exception as broken:  # noqa: BLE001 - whoever needs what is broken reports it, the notebook in its cell
        print(f"not imported beforehand: {broken!r}", flush=True)
