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
from babel.messages.pofile import write_po

from ccmlib.base.project import NOTEBOOKS, RAW, ROOT
from ccmlib.language.catalogue import LANGUAGES, forms, load, path_of, read

HEAD = "# Messages of ccm-notebooks: {code}. Unreviewed until a name stands here.\n# Reviewed by: {reviewer}"
HEADING, TEXT = "heading", "text"
#: Method of a Section → which arguments are messages, by place or name.
SECTION_CALLS = {
    "finding": (0, "one", "none"), "figure": (2, "label", "note"), "chart": ("title", "subtitle", "alt", "columns"),
    "table": (2, "caption", "columns", "notes"), **dict.fromkeys(("say", "note", "no_rows", "text"), (0,)), "assign": ("what",),
}
#: Functions of the library, and what they make, whose texts are shown.
LIBRARY_CALLS = {
    **dict.fromkeys(("labels", "line", "say", "text"), (0,)), "plural": ((0, 1),), "Shared": (1, 3),
    "Trend": (1, "unit", "one", "note"),
}
TEMPLATE_CALL = re.compile(r"""\b(?:labels|_)\((['"])(.+?)\1\)""")
#: Constants of the library whose texts are shown, by name, wherever they stand.
SHOWN = (
    "BOUNDARY_NOTE", "AGENDA", "ANNUAL_REPORTS", "ARTICLES", "COUNTED", "COUNTS", "COVERS", "DEADLINES", "DEPOSITED", "DUTIES",
    "ENDED", "EVENTS", "HEADINGS", "HOLDS", "INITIAL_REPORT", "KINDS", "LEGEND", "MET", "METHODS", "MISSED",
    "NOT_COMPUTABLE", "OPEN", "PARTS", "PASSED", "REASONS", "REFERENCES", "REPORTS", "SECTION_NAMES",
    "SHARED", "SHORT", "SLOWING", "STATUSES", "STEPS", "SUBMITTED", "TITLES", "TO_FILL_IN", "UNKNOWN", "WORK",
)
#: Variables of notebooks that keep a sentence.
VARIABLES = ("bands", "complement", "label", "nothing", "title", "ways")
#: A phrase, not a column's name nor a reference such as "para 3".
WORDS = re.compile(r"(?!para |paras |Table |II )([A-Z][a-z-]+$|[A-Za-z][a-z-]+ [^=<@]*$)")
#: Keys of YAML files whose values are shown; what has both ``one`` and ``many`` has plurals.
YAML_KEYS = ("label", "title", "definition", "note")
#: YAML files that no report shows: how exports and drafts are read, and the data dictionary, which is English.
NOT_SHOWN = ("fields.yml", "tables.yml", "precedence.yml", "glossary.yml", "rules.yml")
#: Columns of the tables kept in the project whose values are shown: file → their names.
VALUES = {"periods.csv": ("meeting", "place"), "un_states.csv": ("regional_group", "m49_region")}
#: A list, table, quotation or code in Markdown: its lines are not joined.
STRUCTURED = re.compile(r"[-*+>|] |\d+[.)] |\||```")
#: A text, or one and many.
Message = str | tuple[str, str]


def find() -> dict[Message, set[str]]:
    """Find all messages: each, or its singular and plural → the files it stands in."""
    found: dict[Message, set[str]] = {}
    for message, path in _all():
        if isinstance(message, str) and "\n" in message and not STRUCTURED.match(message):
            message = " ".join(message.split())
        if re.search(r"[^\W\d_]", re.sub(r"{[^}]*}", "", message if isinstance(message, str) else message[0])):
            found.setdefault(message, set()).add(path.relative_to(ROOT).as_posix())
    # gettext keeps one entry a message: what has plurals gives its singular to those who ask for no number.
    singulars = {message[0] for message in found if isinstance(message, tuple)}
    return {message: paths for message, paths in found.items() if message not in singulars}


def cut(markdown: str) -> Iterator[tuple[str, str, str]]:
    """Cut a markdown cell into headings, paragraphs and other blocks: marks such as ``"## "``, text, what it is."""
    for block in re.split(r"\n\s*\n", markdown.strip()):
        heading = re.match(r"(#+ +)(.*)", block)
        if heading:
            yield heading[1], heading[2].strip(), HEADING
            block = block[heading.end() :].strip()
        if block:
            yield "", block if STRUCTURED.match(block) else " ".join(block.split()), TEXT


def in_yaml(content: object) -> Iterator[Message]:
    """Give the texts of a YAML file: values of `YAML_KEYS`, and pairs of ``one`` and ``many``."""
    if isinstance(content, dict):
        if isinstance(content.get("one"), str) and isinstance(content.get("many"), str):
            if content["one"] != content["many"]:
                yield content["one"], content["many"]
            if "{n}" not in content["many"]:  # as a heading, without a number
                yield content["many"]
        yield from (value for key, value in content.items() if key in YAML_KEYS and isinstance(value, str))
    for value in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        yield from in_yaml(value)


def _all() -> Iterator[tuple[Message, Path]]:
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            markdown = cell["cell_type"] == "markdown"
            texts = (text for _, text, _ in cut(source)) if markdown else in_notebook(ast.parse(source))
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


def in_notebook(tree: ast.AST) -> Iterator[str]:
    """Give the texts of a code cell: what its Section is told, and what it keeps in a variable before."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _arguments(node, SECTION_CALLS)
            if getattr(node.func, "attr", "") == "map" and node.args and isinstance(node.args[0], ast.Dict):
                yield from _texts(node.args[0])
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            yield from _kept(node)
        elif isinstance(node, (ast.For, ast.comprehension)):
            yield from filter(WORDS.match, _texts(node.iter))


def in_library(tree: ast.Module) -> Iterator[Message]:
    """Give the texts of a module: of its calls, and of its constants."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _arguments(node, LIBRARY_CALLS)
    numbers = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names = {part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)}
            if isinstance(node.value, ast.Constant):
                numbers.update(dict.fromkeys(names, node.value.value))
            if names & set(SHOWN):
                yield from _texts(node.value, numbers)


def _arguments(call: ast.Call, calls: dict[str, tuple]) -> Iterator[Message]:
    given = {**dict(enumerate(call.args)), **{word.arg: word.value for word in call.keywords}}
    for place in calls.get(getattr(call.func, "attr", getattr(call.func, "id", "")), ()):
        if isinstance(place, tuple):  # singular and plural
            pair = [text for part in place if part in given for text in _texts(given[part])]
            yield from [tuple(pair)] if len(pair) == 2 else []
        elif place in given:
            yield from _texts(given[place])


def _kept(node: ast.Assign | ast.AugAssign) -> Iterator[str]:
    """Give the messages that a notebook keeps in a variable before it uses them."""
    target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
    name = getattr(target, "id", "")
    if isinstance(target, ast.Subscript):
        yield from (text for text in _texts(node.value) if text[:1].isupper())
    for part in ast.walk(node.value):
        if isinstance(part, ast.Dict):
            keys = (key for key in part.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
            texts = [*(key.value for key in keys), *_texts(part)]
            yield from (text for text in texts if text[:1].isupper() or (name == "kinds" and "_" not in text))
    if name in VARIABLES:
        yield from _texts(node.value)


def _texts(node: ast.expr, numbers: dict | None = None) -> Iterator[str]:
    """Give the texts of a constant, both branches of a choice, the values of a dict, the items of a list."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.JoinedStr) and numbers:
        parts = (part.value if isinstance(part, ast.Constant) else numbers.get(ast.unparse(part.value), "")
                 for part in node.values)
        yield "".join(map(str, parts))
    else:
        held = node.values if isinstance(node, ast.Dict) else getattr(node, "elts", ())
        yield from (text for value in held for text in _texts(value, numbers))


def missing(code: str) -> list[Message]:
    """List the messages that a language lacks, of all that are found."""
    translated = {message.id for message in read(code) if message.id and forms(message)}
    return [message for message in find() if message not in translated]


def update() -> None:
    """Bring all catalogues up to date with the messages found; what is translated stays, with its reviewer."""
    found = find()
    for code in LANGUAGES[1:]:
        reviewer, catalog = load(code).reviewer, read(code)
        catalog.header_comment = HEAD.format(code=code, reviewer=reviewer).rstrip()
        for message in [message for message in catalog if message.id and message.id not in found]:
            catalog.delete(message.id)
        for message, paths in found.items():
            held = catalog.get(message) or catalog.add(message, "")
            held.locations = [(path, None) for path in sorted(paths)]
        with path_of(code).open("wb") as file:
            write_po(file, catalog, width=0, sort_output=True, ignore_obsolete=True)


if __name__ == "__main__":
    if "--count" not in sys.argv:
        update()
    print("messages without a translation:", ", ".join(f"{code} {len(missing(code))}" for code in LANGUAGES[1:]))
