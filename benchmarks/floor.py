"""The floor: the code cells of notebooks as plain Python, in processes forked from one that has imported everything.

No kernel, no papermill, no page: what charts and tables cost in themselves. Run in a folder of notebooks:
``python -m benchmarks.floor OUT STEM...``, two at a time like the other ways.
"""

import json
import multiprocessing
import os
import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from ccmlib.run.preload import warm_up

PROCESSES = 2


def run_cells(stem: str, out: str) -> int:
    """Run the cells of one notebook, with charts and tables written out as a page would show them."""
    shell = InteractiveShell.instance()
    size = 0
    for cell in json.loads(Path(f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            with capture_output() as captured:
                shell.run_cell("".join(cell["source"])).raise_error()
            size += sum(len(str(output)) for output in captured.outputs)
            if "parameters" in cell["metadata"].get("tags", ()):
                shell.user_ns["out"] = out
    return size


def main(out: str, stems: list[str]) -> None:
    """Import, fork, run."""
    os.environ["MPLBACKEND"] = "agg"
    warm_up()
    with multiprocessing.get_context("fork").Pool(PROCESSES, maxtasksperchild=1) as pool:
        written = pool.starmap(run_cells, [(stem, out) for stem in stems], chunksize=1)
    print(sum(written))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
