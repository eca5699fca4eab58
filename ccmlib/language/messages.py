"""Every text that a reader sees, found in notebooks and library, and kept in the message catalogues.

``python -m ccmlib.language.messages`` brings the catalogues (``ccmlib/language/catalogues/<language>.po``) up to date:
new messages are added without a translation, translations of messages that are gone are dropped.
"""

import ast
import csv
import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from ccmlib.base.project import NOTEBOOKS, RAW, ROOT
from ccmlib.language.languages import CATALOGUES, LANGUAGES, catalogue
from ccmlib.tidy import schema

#: What a message is. In French all are translated; in Spanish, Russian, Arabic and Chinese all but sentences.
HEADING, LABEL, TABLE, SENTENCE = "heading", "label", "table", "sentence"

#: Method of a Section → which arguments are messages (place or name), and what they are.
SECTION_CALLS = {
    "finding": {0: SENTENCE, "one": SENTENCE, "none": SENTENCE},
    "figure": {2: LABEL, "label": LABEL, "note": SENTENCE},
    "chart": {"title": SENTENCE, "subtitle": SENTENCE, "alt": SENTENCE, "columns": TABLE},
    "table": {2: TABLE, "caption": TABLE, "columns": TABLE, "notes": SENTENCE},
    "say": {0: SENTENCE},
    "note": {0: SENTENCE},
    "no_rows": {0: SENTENCE},
    "text": {0: LABEL},
    "assign": {"what": LABEL},
}
#: Variables of notebooks that keep a sentence.
VARIABLES = ("complement", "label", "nothing", "title")
#: A phrase, not a column's name nor a reference such as "para 3".
WORDS = re.compile(r"(?!para |paras |Table |II )([A-Z][a-z-]+$|[A-Za-z][a-z-]+ [^=<@]*$)")
#: Functions of the library that translate their first argument.
LIBRARY_CALLS = ("labels", "say", "text")
TEMPLATE_CALL = re.compile(r"""\b(?:labels|_)\((['"])(.+?)\1\)""")
#: Constants of the library that are shown: module → their names.
CONSTANTS = {
    "figures.action_plan": ("SHARED",),
    "figures.briefs": (
        "ANNUAL_DUE", "ARTICLES", "COUNTED", "DEADLINES", "DEPOSITED", "INITIAL_DUE", "IN_FORCE", "LEFT", "REPORTS",
        "SIGNED",
    ),
    "charts.obligations": ("LEGEND",),
    "figures.comparison": ("KINDS",),
    "notebook.declared": ("SECTION_NAMES",),
    "pages.drafts.docx": ("ANNUAL_REPORTS", "COUNTS", "COVERS", "HOLDS", "OPEN"),
    "figures.outlook": ("METHODS",),
    "pages.headings": ("HEADINGS",),
    "figures.projections": ("INITIAL_REPORT", "MET", "MISSED", "NOT_COMPUTABLE", "OPEN", "PASSED", "REASONS", "WORK"),
    "figures.reconcile": ("STATUSES",),
    "treaty.standing": ("ENDED", "OPEN", "UNKNOWN"),
    "treaty.status": ("NOT_DUE", "OVERDUE", "SUBMITTED"),
    "figures.trends": ("FIGURES",),
}
#: Columns of the tables kept in the project whose values are shown: file → their names.
VALUES = {"periods.csv": ("meeting", "place"), "un_states.csv": ("regional_group", "m49_region")}
#: A list, table, quotation or code in Markdown: its lines are not joined.
STRUCTURED = re.compile(r"[-*+>|] |\d+[.)] |\||```")


def find() -> dict[str, str]:
    """Find all messages.

    Returns
    -------
    dict of str to str
        Message → what it is; a message used in several ways is the one that has to be translated in more languages.
    """
    found: dict[str, str] = {}
    for message, kind in _all():
        if kind == SENTENCE and "\n" in message and not STRUCTURED.match(message):
            message = " ".join(message.split())
        if re.search(r"[^\W\d_]", re.sub(r"{[^}]*}", "", message)) and found.get(message, SENTENCE) == SENTENCE:
            found[message] = kind
    return found


def blocks(markdown: str) -> Iterator[tuple[str, str]]:
    """Cut a markdown cell into headings, paragraphs and other blocks, each with what it is."""
    for _, text, kind in cut(markdown):
        yield text, kind


def cut(markdown: str) -> Iterator[tuple[str, str, str]]:
    """Cut a markdown cell as `blocks` does, each block with the marks before it, such as ``"## "``."""
    for block in re.split(r"\n\s*\n", markdown.strip()):
        heading = re.match(r"(#+ +)(.*)", block)
        if heading:
            yield heading[1], heading[2].strip(), HEADING
            block = block[heading.end() :].strip()
        if block:
            yield "", block if STRUCTURED.match(block) else " ".join(block.split()), SENTENCE


def _all() -> Iterator[tuple[str, str]]:
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for place, cell in enumerate(cells):
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                # The subtitle stands in the first cell, and in every list of sections.
                yield from ((text, HEADING if place == 0 else kind) for text, kind in blocks(source))
            else:
                yield from _in_code(source, SECTION_CALLS)
    for path in sorted((ROOT / "ccmlib").rglob("*.py")):
        yield from _in_library(path.read_text(encoding="utf-8"))
    for module, names in CONSTANTS.items():
        library = import_module(f"ccmlib.{module}")
        yield from (found for name in names for found in _in_constant(getattr(library, name)))
    yield from ((entry["label"], LABEL) for entry in schema.indicators().values())
    for name, columns in VALUES.items():
        for path in sorted(RAW.rglob(name)):
            with path.open(encoding="utf-8", newline="") as file:
                yield from ((row[column], LABEL) for row in csv.DictReader(file) for column in columns)
    for path in sorted((ROOT / "ccmlib" / "pages" / "templates").rglob("*.j2")):
        yield from ((match[1], LABEL) for match in TEMPLATE_CALL.findall(path.read_text(encoding="utf-8")))


def _in_code(source: str, calls: dict[str, dict]) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            wanted = calls.get(name, {})
            given = {**dict(enumerate(node.args)), **{word.arg: word.value for word in node.keywords}}
            for place, kind in wanted.items():
                if place in given:
                    # What `say` fills is a sentence, or a label with a State or a year in it.
                    found = _texts(given[place])
                    yield from ((text, LABEL if name == "say" and not text.endswith(".") else kind) for text in found)
            if getattr(node.func, "attr", "") == "map" and node.args and isinstance(node.args[0], ast.Dict):
                yield from ((text, LABEL) for text in _texts(node.args[0]))
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            yield from _kept(node)
        elif isinstance(node, (ast.For, ast.comprehension)):
            yield from ((text, LABEL) for text in _texts(node.iter) if WORDS.match(text))


def _kept(node: ast.Assign | ast.AugAssign) -> Iterator[tuple[str, str]]:
    """Give the messages that a notebook keeps in a variable before it uses them."""
    target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
    name = getattr(target, "id", "")
    if isinstance(target, ast.Subscript):
        yield from ((text, TABLE) for text in _texts(node.value) if text[:1].isupper())
    for part in ast.walk(node.value):
        if isinstance(part, ast.Dict):
            keys = (key for key in part.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
            texts = [*(key.value for key in keys), *_texts(part)]
            yield from ((text, TABLE) for text in texts if text[:1].isupper() or (name == "kinds" and "_" not in text))
    if name in VARIABLES:
        yield from ((text, LABEL if name == "label" else SENTENCE) for text in _texts(node.value))


def _in_library(source: str) -> Iterator[tuple[str, str]]:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
        if name in LIBRARY_CALLS and node.args:
            for text in _texts(node.args[0]):
                yield text, SENTENCE if name == "say" and text.endswith(".") else LABEL


def _in_constant(value) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield value, SENTENCE if value.endswith(".") else LABEL
    elif hasattr(value, "label"):  # a figure of `trends` or of several action tables
        yield from ((value.label, TABLE), (value.unit, LABEL))
        yield from ((getattr(value, key, ""), kind) for key, kind in (("one", TABLE), ("note", SENTENCE)))
    elif isinstance(value, (dict, tuple)):
        held_in = value.values() if isinstance(value, dict) else value
        yield from (found for held in held_in for found in _in_constant(held))


def _texts(node: ast.expr) -> Iterator[str]:
    """Give the texts of an expression: a constant, both branches of a choice, values of a dict, items of a list."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(value)
    elif isinstance(node, (ast.List, ast.Tuple)):
        for item in node.elts:
            yield from _texts(item)


def path_of(language: str) -> Path:
    """Give the catalogue of a language."""
    return CATALOGUES / f"{language}.po"


def missing(language: str) -> list[str]:
    """List the messages that a language must have and has not: all in French, all but sentences in the others."""
    translated = catalogue(language)
    return [
        message
        for message, kind in find().items()
        if not translated.get(message) and (language == "fr" or kind != SENTENCE)
    ]


def update() -> None:
    """Bring all catalogues up to date with the messages found."""
    found = find()
    CATALOGUES.mkdir(exist_ok=True)
    for language in LANGUAGES[1:]:
        translated = catalogue(language)
        renewed = Catalog(locale=language, header_comment=f"# Messages of ccm-notebooks: {language}", fuzzy=False)
        for message, kind in found.items():
            renewed.add(message, translated.get(message, ""), auto_comments=[kind])
        with path_of(language).open("wb") as file:
            write_po(file, renewed, width=0, omit_header=True, sort_output=True)
        print(f"{language}: {sum(message in translated for message in found)} of {len(found)} messages")


if __name__ == "__main__":
    update()
