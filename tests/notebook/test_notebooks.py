"""The contract that every notebook keeps, so that each can be read, run with parameters, and compared in git."""

import ast
import json
import shlex
import shutil
import subprocess
import sys
from itertools import pairwise

import nbformat
import papermill
import pytest

from ccmlib.base import fields, project
from ccmlib.run import worklist

NOTEBOOKS = sorted(project.NOTEBOOKS.glob("*.ipynb"))
STEMS = [path.stem for path in NOTEBOOKS]
TYPES = {"str": str, "int": int, "float": float, "bool": bool}
LONGEST_CELL, LONGEST_FUNCTION = 25, 5

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=STEMS)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def cells(path, kind):
    return [cell for cell in read(path)["cells"] if cell["cell_type"] == kind]


def text(cell):
    return "".join(cell["source"])


def headings(cell):
    """Level of each heading of a markdown cell; lines in fenced code are none."""
    found, fenced = [], False
    for line in text(cell).splitlines():
        fenced ^= line.lstrip().startswith("```")
        marks = line.split(" ")[0]
        if not fenced and marks and set(marks) == {"#"}:
            found.append(len(marks))
    return found


def test_there_are_the_notebooks_of_the_design():
    assert {"00_summary", "01_universalization", "08_reconciliation", "state_brief", "explore"} <= set(STEMS)


@each
def test_it_is_a_valid_notebook_of_the_project_kernel(path):
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) >= (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert set(notebook.metadata) == {"ccm", "kernelspec", "language_info"}


@each
def test_it_opens_with_its_only_title_and_a_subtitle_of_one_line(path):
    first = read(path)["cells"][0]
    assert first["cell_type"] == "markdown"
    title, *rest = [line for line in text(first).splitlines() if line.strip()]
    assert title.startswith("# ")
    assert len(rest) == 1, "one line below the title"
    assert not rest[0].startswith("#")
    levels = [level for cell in cells(path, "markdown") for level in headings(cell)]
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels)), "no level is skipped"
    assert not any("<h1" in text(cell).lower() for cell in cells(path, "markdown"))


@each
def test_its_parameters_are_typed_constants_each_with_a_word_on_it(path):
    tagged = [cell for cell in read(path)["cells"] if "parameters" in cell["metadata"].get("tags", [])]
    assert [cell["cell_type"] for cell in tagged] == ["code"]
    source = text(tagged[0])
    for node in ast.parse(source).body:
        assert isinstance(node, ast.AnnAssign), ast.unparse(node)
        assert type(ast.literal_eval(node.value)) is TYPES[node.annotation.id], ast.unparse(node)
    assert all("  # " in line for line in source.splitlines())
    # The runner and papermill read the same names out of it.
    names = list(worklist.parameters_of(read(path)["cells"]))
    assert names == [node.target.id for node in ast.parse(source).body]
    assert names == list(papermill.inspect_notebook(str(path)))


@each
def test_its_parameters_stand_before_all_other_code(path):
    code = cells(path, "code")
    assert "parameters" in code[0]["metadata"].get("tags", [])


@each
def test_it_carries_no_outputs_and_its_cells_have_ids_of_their_own(path):
    for cell in cells(path, "code"):
        assert cell["outputs"] == [], f"{cell['id']}: run `make strip`"
        assert cell["execution_count"] is None, f"{cell['id']}: run `make strip`"
    ids = [cell["id"] for cell in read(path)["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(ids)


@each
def test_its_cells_and_functions_are_short(path):
    for cell in read(path)["cells"]:
        assert text(cell).strip(), f"{cell['id']} is empty"
        if cell["cell_type"] == "code":
            assert len(text(cell).splitlines()) <= LONGEST_CELL, cell["id"]
            for node in ast.walk(ast.parse(text(cell))):
                assert not isinstance(node, ast.ClassDef | ast.AsyncFunctionDef), f"{cell['id']}: goes into ccmlib"
                if isinstance(node, ast.FunctionDef):
                    lines = node.end_lineno - node.lineno + 1
                    assert lines <= LONGEST_FUNCTION, f"{cell['id']}: {node.name} goes into ccmlib"


@each
def test_it_declares_what_it_reads(path):
    declared = read(path)["metadata"]["ccm"]
    assert isinstance(declared["section"], str)
    assert declared["section"]
    tables = declared.get("tables", [])  # one that declares none reads them all
    assert set(tables) <= set(fields.tables())
    assert len(set(tables)) == len(tables)
    assert set(declared["needs"]) <= set(STEMS) - {path.stem}


@each
def test_it_reads_no_table_that_it_does_not_declare(path):
    named = set()
    for cell in cells(path, "code"):
        for node in ast.walk(ast.parse(text(cell))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "read":
                named |= {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    assert named <= set(read(path)["metadata"]["ccm"].get("tables", fields.tables()))


@each
def test_it_names_no_place_of_one_machine(path):
    for place in ("/home/", "/Users/", "/tmp/", "/root/", "C:\\", str(project.ROOT)):
        assert place not in path.read_text(encoding="utf-8")


# ---- nothing of a session in JupyterLab gets into git


@pytest.fixture(scope="module")
def strip():
    """The command of `make strip`, on other files."""
    printed = subprocess.run(
        ["make", "-n", "strip"], cwd=project.ROOT, capture_output=True, text=True, check=True).stdout
    line = next(line for line in printed.splitlines() if "nbstripout" in line)
    options = shlex.split(line)[shlex.split(line).index("nbstripout") + 1:-1]
    return lambda *paths: subprocess.run([sys.executable, "-m", "nbstripout", *options, *map(str, paths)], check=True)


def test_make_strip_changes_nothing_in_what_is_committed(strip, tmp_path):
    copies = [shutil.copyfile(path, tmp_path / path.name) for path in NOTEBOOKS]
    strip(*copies)
    for path, copy in zip(NOTEBOOKS, copies, strict=True):
        assert copy.read_bytes() == path.read_bytes(), f"{path.name}: run `make strip`"


def test_make_strip_takes_away_what_jupyterlab_saves_and_keeps_tags_and_metadata(strip, tmp_path):
    path = project.NOTEBOOKS / "explore.ipynb"
    saved = read(path)
    saved["metadata"]["language_info"] |= {
        "version": "3.11.7", "mimetype": "text/x-python", "file_extension": ".py", "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3", "codemirror_mode": {"name": "ipython", "version": 3}}
    saved["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    for number, cell in enumerate(saved["cells"]):
        cell["metadata"] |= {"collapsed": False, "execution": {"iopub.status.busy": "2016-06-30T10:00:00Z"}}
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["seen\n"]}]
    copy = tmp_path / path.name
    copy.write_text(json.dumps(saved), encoding="utf-8")
    strip(copy)
    assert read(copy) == read(path)
    assert read(copy)["metadata"]["ccm"]["section"] == "explore"
