"""Every text that a reader sees, found in notebooks, library and YAML, and kept in the message catalogues.

``python -m ccmlib.language.messages`` brings the catalogues (``ccmlib/language/catalogues/<language>.po``) up to date:
new messages are added without a translation, those that nothing uses any more are dropped. With ``--count`` it only
says how many messages each language lacks; they show in English, marked as such.
"""

import ast
import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from ccmlib.base.project import NOTEBOOKS, RAW, ROOT
from ccmlib.language.catalogue import LANGUAGES, forms, load, path_of, read

HEAD = "# Messages of ccm-notebooks: {code}. Unreviewed until a name stands here.\n# Reviewed by: {reviewer}"
#: What reads as words in a notebook: a phrase, or a word with a capital; no column, condition or pattern.
WORDS = re.compile(r"(?!.*[=<>@\\])([A-Z{].*[a-z]|[a-z][a-z-]+ \S)", re.DOTALL)
#: Methods of which a notebook shows no text, and functions and methods of the library that show their first.
UNSHOWN, LIBRARY_CALLS = ("legend", "replace"), ("labels", "line", "note", "say", "text")
TEMPLATE_CALL = re.compile(r"""\b(?:labels|_)\((['"])(.+?)\1\)""")
#: Constants of the library whose texts are shown, by name, wherever they stand.
SHOWN = (
    "ACTION_HEADINGS", "AGENDA", "ANNUAL_REPORTS", "ARTICLES", "BASES", "BOUNDARY_NOTE", "COUNTED", "COUNTS", "COVERS",
    "DEADLINES", "DEPOSITED", "DUTIES", "EVENTS", "FILES", "HEADINGS", "HOLDS", "INITIAL_REPORT", "KINDS", "LEGEND",
    "METHODS", "MISSED", "OPEN", "PARTS", "REASONS", "REFERENCES", "SECTION_NAMES", "SHARED", "SHORT", "SLOWING", "STATUSES",
    "STEPS", "SUBMITTED", "TITLES", "TO_FILL_IN", "WORK",
)
#: Keys of YAML files whose values are shown; what has both ``one`` and ``many`` has plurals.
YAML_KEYS = ("label", "title", "definition", "note", "reason")
#: YAML files that no report shows: how exports and drafts are read, and the data dictionary, which is English.
NOT_SHOWN = ("fields.yml", "tables.yml", "glossary.yml", "rules.yml")
#: Columns of the tables kept in the project whose values are shown: file → their names.
VALUES = {"periods.csv": ("meeting", "place"), "un_states.csv": ("regional_group", "m49_region"),
          "action_plans.csv": ("plan",), "territories.csv": ("name",)}
#: A list, table, quotation or code in Markdown: its lines are not joined.
STRUCTURED = re.compile(r"[-*+>|] |\d+[.)] |\||```")
#: A text, or one and many.
Message = str | tuple[str, str]


def find() -> dict[Message, set[str]]:
    """Find all messages: each, or its singular and plural → the files it stands in."""
    found: dict[Message, set[str]] = {}
    for message, path in _all():
        if "\n" in message and not STRUCTURED.match(message):
            message = " ".join(message.split())
        if re.search(r"[^\W\d_]", re.sub(r"{[^}]*}", "", message if isinstance(message, str) else message[0])):
            found.setdefault(message, set()).add(path.relative_to(ROOT).as_posix())
    # gettext keeps one entry a message: what has plurals gives its singular to those who ask for no number.
    singulars = {message[0] for message in found if isinstance(message, tuple)}
    return {message: paths for message, paths in found.items() if message not in singulars}


def cut(markdown: str) -> Iterator[tuple[str, str]]:
    """Cut a markdown cell into headings, with their marks such as ``"## "``, paragraphs and other blocks."""
    for block in re.split(r"\n\s*\n", markdown.strip()):
        heading = re.match(r"(#+ +)(.*)", block)
        if heading:
            yield heading[1], heading[2].strip()
            block = block[heading.end() :].strip()
        if block:
            yield "", block if STRUCTURED.match(block) else " ".join(block.split())


def in_yaml(content: object) -> Iterator[Message]:
    """Give the texts of a YAML file: values of `YAML_KEYS`, and pairs of ``one`` and ``many``."""
    held = content if isinstance(content, dict) else dict(enumerate(content)) if isinstance(content, list) else {}
    one, many = held.get("one"), held.get("many")
    if isinstance(one, str) and isinstance(many, str):
        if one != many:
            yield one, many
        if "{n}" not in many:  # as a heading, without a number
            yield many
    for key, value in held.items():
        if key in YAML_KEYS and isinstance(value, str):
            yield value
        yield from in_yaml(value)


def _all() -> Iterator[tuple[Message, Path]]:
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source, written = "".join(cell["source"]), cell["cell_type"] == "markdown"
            texts = (text for _, text in cut(source)) if written else in_notebook(ast.parse(source))
            yield from ((text, path) for text in texts)
    for path in sorted((ROOT / "ccmlib").rglob("*.py")):
        yield from ((text, path) for text in in_library(ast.parse(path.read_text(encoding="utf-8"))))
    for path in sorted((ROOT / "ccmlib").rglob("*.yml")):
        if path.name not in NOT_SHOWN and path.parent.name != "maps":
            yield from ((text, path) for text in in_yaml(yaml.safe_load(path.read_text(encoding="utf-8"))))
    for name, columns in VALUES.items():
        with (RAW / name).open(encoding="utf-8", newline="") as file:
            yield from ((row[column], RAW / name) for row in csv.DictReader(file) for column in columns)
    for path in sorted((ROOT / "ccmlib" / "pages" / "templates").rglob("*.j2")):
        yield from ((match[1], path) for match in TEMPLATE_CALL.findall(path.read_text(encoding="utf-8")))


def in_notebook(node: ast.AST) -> Iterator[str]:
    """Give the texts of a code cell: what reads as words, and single words that are said or stand in a dict beside a phrase."""
    name = getattr(getattr(node, "func", None), "attr", "")
    if isinstance(node, ast.Compare) or name in UNSHOWN:
        return
    if name == "text":
        yield from _texts(node.args[0])
    elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "kinds":  # rows bear its keys, and readers see them
        yield from (text for key in (*node.value.keys, *node.value.values) for text in _texts(key) if "_" not in text)
    elif isinstance(node, (ast.Constant, ast.Dict)) and any(map(WORDS.match, _texts(node))):
        yield from _texts(node)
    of_text = isinstance(node, ast.JoinedStr)
    for child in ast.iter_child_nodes(node):
        if not of_text or isinstance(child, ast.FormattedValue):
            yield from in_notebook(child)


def in_library(tree: ast.Module) -> Iterator[Message]:
    """Give the texts of a module: of its calls, and of its constants."""
    numbers = {}
    for node in ast.walk(tree):
        name = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
        if name in LIBRARY_CALLS and node.args:
            yield from _texts(node.args[0])
        elif name == "plural" and len(pair := tuple(text for argument in node.args[:2] for text in _texts(argument))) == 2:
            yield pair
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names = {part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)}
            if isinstance(node.value, ast.Constant):
                numbers.update(dict.fromkeys(names, node.value.value))
            if names & set(SHOWN):
                yield from _texts(node.value, numbers)


def _texts(node: ast.AST, numbers: dict | None = None) -> Iterator[str]:
    """Give the texts of a constant, both branches of a choice, the values of a dict, the items of a list."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr) and numbers:
        yield "".join(str(part.value if isinstance(part, ast.Constant) else numbers.get(ast.unparse(part.value), ""))
                      for part in node.values)
    elif isinstance(node, (ast.IfExp, ast.Dict, ast.List, ast.Tuple, ast.Set)):
        held = [node.body, node.orelse] if isinstance(node, ast.IfExp) else getattr(node, "values", getattr(node, "elts", ()))
        yield from (text for value in held for text in _texts(value, numbers))


def missing(code: str) -> list[Message]:
    """List the messages that a language lacks, of all that are found."""
    translated = {message.id for message in read(code) if message.id and forms(message)}
    return [message for message in find() if message not in translated]


def update() -> None:
    """Bring all catalogues up to date with the messages found; what is translated stays, with its reviewer."""
    template = Catalog()
    for message, paths in find().items():
        template.add(message, locations=[(path, None) for path in sorted(paths)])
    for code in LANGUAGES[1:]:
        reviewer, catalog = load(code).reviewer, read(code)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalog.header_comment = HEAD.format(code=code, reviewer=reviewer).rstrip()
        with path_of(code).open("wb") as file:
            write_po(file, catalog, width=0, sort_output=True, ignore_obsolete=True)


if __name__ == "__main__":
    if "--count" not in sys.argv:
        update()
    print("messages without a translation:", ", ".join(f"{code} {len(missing(code))}" for code in LANGUAGES[1:]))
