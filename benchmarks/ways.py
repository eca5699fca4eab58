"""The ways to make the same notebooks' pages: by hand, by other tools, by ccm, and the floor.

A way takes a `Subject`, a copy of the project in a folder of its own, so that nothing of the checkout is touched.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from ccmlib.base import project

HERE = Path(__file__).parent
SMALL_COUNT = 8
IN_ONE_PROCESS = """
import sys
from pathlib import Path
import papermill
from nbconvert import HTMLExporter
folder, *stems = sys.argv[1:]
for stem in stems:
    made = f"{folder}/{stem}.ipynb"
    papermill.execute_notebook(f"{stem}.ipynb", made, {"out": folder}, progress_bar=False)
    Path(folder, f"{stem}.html").write_text(HTMLExporter().from_filename(made)[0], encoding="utf-8")
"""
#: Version 2 of jupyter-book runs notebooks by Node.js; version 1 by jupyter-cache, as its users still do.
JUPYTER_BOOK = "jupyter-book<2"


@dataclass(frozen=True)
class Subject:
    """What is made: a project of its own.

    Parameters
    ----------
    root : Path
        Its folder.
    stems : tuple of str
        Its notebooks, those that read what others wrote after these.
    """

    root: Path
    stems: tuple[str, ...]

    @property
    def notebooks(self) -> Path:
        """Folder of the notebooks."""
        return self.root / "notebooks"

    def run(self, *command: str, cwd: Path | None = None, given: str | None = None, **environment: str) -> str:
        """Run a command on this project; an error shows what it said."""
        own = {"CCM_ROOT": str(self.root), "PYTHONPATH": str(HERE.parent), **environment}
        done = subprocess.run(
            command, cwd=cwd or self.root, input=given, env={**os.environ, **own}, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)[:200]}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return done.stdout

    def ccm(self, *arguments: str) -> None:
        """Run the command line."""
        self.run(sys.executable, "-m", "ccmlib", *arguments)


def lay_out(root: Path, small: bool) -> Subject:
    """Copy the project, with its own notebooks or with small ones."""
    shutil.copytree(project.RAW, root / "data" / "raw")
    (root / "notebooks").mkdir()
    for name in ("requirements-report.lock", "pyproject.toml"):
        shutil.copyfile(HERE.parent / name, root / name)
    if small:
        source = (HERE / "small.ipynb").read_text(encoding="utf-8")
        for number in range(1, SMALL_COUNT + 1):
            stem = f"{number:02d}_small"  # each writes to a folder of its own
            text = source.replace('\\"small\\"', f'\\"{stem}\\"')
            (root / "notebooks" / f"{stem}.ipynb").write_text(text, encoding="utf-8")
    else:
        shutil.copytree(project.NOTEBOOKS, root / "notebooks", dirs_exist_ok=True)
    needs = {path.stem: bool(json.loads(path.read_text(encoding="utf-8"))["metadata"]["ccm"]["needs"])
             for path in sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))}  # fmt: skip
    subject = Subject(root, tuple(sorted(needs, key=needs.get)))
    subject.ccm("report")  # the tidy tables that running by hand reads
    return subject


def by_hand(subject: Subject, out: Path) -> None:
    """Run papermill and then nbconvert for each notebook, one after the other."""
    for stem in subject.stems:
        one_by_hand(subject, out, stem, stem)


def one_by_hand(subject: Subject, out: Path, stem: str, name: str, *parameters: str) -> None:
    """Run papermill and then nbconvert for one notebook."""
    made = str(out / f"{name}.ipynb")
    run = ("-m", "papermill", f"{stem}.ipynb", made, "-p", "out", str(out), *parameters)
    subject.run(sys.executable, *run, cwd=subject.notebooks)
    subject.run(sys.executable, "-m", "nbconvert", "--to", "html", made)


def two_by_hand(subject: Subject, out: Path) -> None:
    """Do the same, two notebooks at once."""
    line = f"{sys.executable} -m papermill {{}}.ipynb {out}/{{}}.ipynb -p out {out} && "
    line += f"{sys.executable} -m nbconvert --to html {out}/{{}}.ipynb"
    subject.run("xargs", "-P2", "-I{}", "sh", "-c", line, cwd=subject.notebooks, given="\n".join(subject.stems))


def in_one_process(subject: Subject, out: Path) -> None:
    """Call the Python interfaces of papermill and nbconvert from one process."""
    subject.run(sys.executable, "-c", IN_ONE_PROCESS, str(out), *subject.stems, cwd=subject.notebooks)


def jupyter_book(subject: Subject, out: Path) -> None:
    """Build the notebooks as a book, each executed."""
    book = subject.root / "book"  # beside notebooks/, so that ../data is where they look for it
    shutil.rmtree(book, ignore_errors=True)
    book.mkdir()
    for stem in subject.stems:
        shutil.copyfile(subject.notebooks / f"{stem}.ipynb", book / f"{stem}.ipynb")
    (book / "_config.yml").write_text("title: Report\nexecute: {execute_notebooks: force, timeout: 300}\n")
    first, *others = subject.stems
    chapters = "".join(f"  - file: {stem}\n" for stem in others)
    (book / "_toc.yml").write_text(f"format: jb-book\nroot: {first}\nchapters:\n{chapters}")
    kernels = out / "jupyter"
    (kernels / "kernels" / "python3").mkdir(parents=True)
    spec = {"argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], "language": "python"}
    (kernels / "kernels" / "python3" / "kernel.json").write_text(json.dumps({**spec, "display_name": "Python 3"}))
    said = subject.run(
        str(jupyter_book_program()), "build", str(book), "--path-output", str(out), JUPYTER_PATH=str(kernels)
    )  # fmt: skip
    if len(list((out / "_build" / "html").glob("0*.html"))) < len(subject.stems) or "Execution failed" in said:
        raise RuntimeError(said[-2000:])


def jupyter_book_program() -> Path:
    """Find jupyter-book, installed once in an environment of its own."""
    folder = project.CACHE / "jupyter-book"
    program = folder / "bin" / "jupyter-book"
    if not program.exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "-q", JUPYTER_BOOK], check=True)
    return program


def _nothing_kept(verb: str, subject: Subject) -> None:
    """Run a verb with an empty cache."""
    shutil.rmtree(subject.root / ".cache", ignore_errors=True)
    subject.ccm(verb, "--force")


def ours_cold(subject: Subject, out: Path) -> None:
    """Make the report with nothing kept: every page, report.html, the Word draft, the zip."""
    _nothing_kept("report", subject)


def ours_unchanged(subject: Subject, out: Path) -> None:
    """Ask for the report again with nothing changed."""
    subject.ccm("report")


def ours_one_file_changed(subject: Subject, out: Path) -> None:
    """Ask again after one remark in the log of Article 7 reports changed."""
    path = subject.root / "data" / "raw" / "article7_log.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Annual reports"]
    header = next(row for row in sheet.iter_rows() if any(cell.value == "Remarks" for cell in row))
    remarks = next(cell for cell in header if cell.value == "Remarks")
    below = sheet.cell(remarks.row + 1, remarks.column)
    below.value = f"{below.value or 'seen'} again"
    book.save(path)
    subject.ccm("card", str(path))
    subject.ccm("report")


def floor(subject: Subject, out: Path) -> None:
    """Run the cells as plain Python in warm forked processes."""
    subject.run(sys.executable, "-m", "benchmarks.floor", str(out), *subject.stems, cwd=subject.notebooks)


def ours_briefs(subject: Subject, out: Path) -> None:
    """Make the briefs of all States that joined, with nothing kept."""
    _nothing_kept("briefs", subject)


def ours_all_periods(subject: Subject, out: Path) -> None:
    """Make the reports of all periods, with nothing kept."""
    _nothing_kept("reports", subject)


def from_a_clone(subject: Subject, out: Path) -> None:
    """Clone the project and ask for the report: the environment is made too."""
    subject.run("git", "clone", "-q", str(project.ROOT), str(out / "clone"))
    subject.run("make", "report", cwd=out / "clone", CCM_ROOT="", PYTHONPATH="")


Way = Callable[[Subject, Path], None]
WAYS: dict[str, tuple[str, Way]] = {
    "a": ("papermill, then nbconvert, by hand", by_hand),
    "b": ("the same, two at once (xargs -P2)", two_by_hand),
    "c": ("papermill and nbconvert from one process", in_one_process),
    "d": ("jupyter-book", jupyter_book),
    "e": ("ccm report, nothing kept", ours_cold),
    "f": ("ccm report, no change", ours_unchanged),
    "g": ("ccm report, one raw file changed", ours_one_file_changed),
    "h": ("floor: the cells as plain Python, forked", floor),
}
