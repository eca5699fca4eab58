"""The house: each folder of the library imports only from itself and those before it, and no modules in a circle."""

import ast
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import ccmlib

LIBRARY = Path(ccmlib.__file__).parent
#: The folders in the data's order.
ORDER = ("base", "language", "ingest", "tidy", "treaty", "figures", "charts", "pages", "notebook", "run")


def modules(library=LIBRARY):
    """Name each module, and where it stands."""
    paths = (path.relative_to(library).with_suffix("") for path in library.rglob("*.py"))
    parts = (path.parts[:-1] if path.name == "__init__" else path.parts for path in paths)
    return {".".join(("ccmlib", *part)) for part in parts}


def place(name, library=LIBRARY):
    path = library.parent.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imports(name, library=LIBRARY):
    """List what a module imports from the library, at its top, in functions and for type checkers."""
    known = modules(library)
    tree = ast.parse(place(name, library).read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name in known}
        elif isinstance(node, ast.ImportFrom):
            package = name.split(".") if place(name, library).name == "__init__.py" else name.split(".")[:-1]
            start = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*start, *filter(None, [node.module])])
            if source in known:
                whole = (f"{source}.{alias.name}" for alias in node.names)
                found |= {each if each in known else source for each in whole}
    return found - {name}


def folder_of(name):
    return (name.split(".")[1:] or [""])[0]


def backwards(library=LIBRARY):
    """List imports from a folder that comes later, or from the package's own top."""
    rank = {folder: number for number, folder in enumerate(ORDER)}
    return sorted(
        f"{name} imports {other}"
        for name in modules(library)
        if folder_of(name) in rank
        for other in imports(name, library)
        if rank.get(folder_of(other), len(ORDER)) > rank[folder_of(name)]
    )


def circle(library=LIBRARY):
    """Find modules that import each other in a circle when they run."""
    try:
        TopologicalSorter({name: imports(name, library) for name in modules(library)}).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_every_folder_has_its_place_in_the_order():
    assert {path.name for path in LIBRARY.iterdir() if (path / "__init__.py").is_file()} == set(ORDER)
    assert {path.name for path in LIBRARY.glob("*.py")} == {"__init__.py", "__main__.py"}


def test_a_folder_imports_only_from_itself_and_those_before_it():
    assert backwards() == []


def test_no_modules_import_each_other_in_a_circle():
    assert circle() == []


@pytest.mark.parametrize("text", [
    "from ccmlib.run import cli", "from ..run import cli", "import ccmlib.run.cli",
    "def later():\n    from ccmlib.run.cli import main",
])  # fmt: skip
def test_an_import_the_wrong_way_is_seen_wherever_it_stands(text, tmp_path):
    library = tmp_path / "ccmlib"
    for name, content in {"base/early.py": text, "run/cli.py": "from ccmlib.base import early"}.items():
        path = library / name
        path.parent.mkdir(parents=True)
        path.write_text(content)
        (path.parent / "__init__.py").touch()
    (library / "__init__.py").touch()
    assert backwards(library) == ["ccmlib.base.early imports ccmlib.run.cli"]
    assert {"ccmlib.base.early", "ccmlib.run.cli"} <= set(circle(library))


def rooms(library=LIBRARY):
    """Write the map of CONTRIBUTING.md: each folder with the first line that it says of itself."""
    first = {folder: ast.get_docstring(ast.parse(place(f"ccmlib.{folder}", library).read_text(encoding="utf-8")))
             for folder in ORDER}
    lines = [f"| `ccmlib/{folder}/` | {' '.join(text.split(chr(10) * 2)[0].split())} |" for folder, text in first.items()]
    return "\n".join(["| folder | what it does |", "| --- | --- |", *lines])


def test_the_map_of_contributing_is_what_the_folders_say_of_themselves():
    assert rooms() in (LIBRARY.parent / "CONTRIBUTING.md").read_text(encoding="utf-8"), f"write into it:\n{rooms()}"


def test_no_two_files_and_no_two_classes_have_one_name():
    paths = [path for path in LIBRARY.rglob("*.py") if path.name != "__init__.py"]
    classes = [
        node.name for path in paths for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    ]  # fmt: skip
    for names in ([path.name for path in paths], classes):
        assert [name for name, times in Counter(names).items() if times > 1] == []
