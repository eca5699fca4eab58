"""The field dictionary written out: ``datapackage.json``, ``docs/data-dictionary.md``, ``docs/layouts.md``."""

import inspect
from datetime import date

import pandas as pd

from ccmlib.base import fields, project
from ccmlib.ingest import layouts
from ccmlib.ingest.column_kinds import KINDS
from ccmlib.ingest.shapes import SHAPES
from ccmlib.tidy import precedence

DOCUMENT = project.ROOT / "docs" / "data-dictionary.md"
LAYOUTS = project.ROOT / "docs" / "layouts.md"

_INTRODUCTION = (
    "# Data dictionary", "",
    "Generated from `ccmlib/base/dictionary/` by `python -m ccmlib.tidy.describe`; do not edit. The tidy tables are in",
    "`data/processed/`, each as Parquet and CSV. A blank text means: not stated. In CSV, a text that a spreadsheet",
    "program would take for a formula starts with an apostrophe.", "",
)  # fmt: skip
_TITLE = "Convention on Cluster Munitions: status, obligations, reports and disclosures"
_CITATION = f"{_TITLE}. Tidy tables, compiled from the exports and pages that the table `sources` cites; each row names its."
_TERMS = "The compilation: MIT License. Facts and quotations: the terms of their publishers, which the table `sources` gives."


def datapackage(written: dict[str, dict], sources: pd.DataFrame) -> dict:
    """Describe the tables as a Frictionless Data Package, with the files they were made from and their terms."""
    resources = [
        {
            "name": name, "title": table.title, "description": table.description, "profile": "tabular-data-resource",
            **written[name], "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": _table_schema(table),
        }
        for name, table in fields.tables().items()
        if name in written
    ]
    return {
        "name": "convention-on-cluster-munitions", "profile": "tabular-data-package",
        "title": _TITLE, "citation": _CITATION,
        "licenses": [{"name": "MIT", "title": _TERMS, "path": "https://opensource.org/license/mit"}],
        "sources": [{"title": row.title, "citation": row.citation, "licence": row.licence, "file": row.file}
                    for row in sources.itertuples()],
        "resources": resources,
    }


def _table_schema(table: fields.Table) -> dict:
    described = []
    for one in table.fields:
        constraints = {
            "required": one.required or None, "enum": list(one.values) or None, "pattern": one.pattern or None,
            "minimum": str(one.minimum) if isinstance(one.minimum, date) else one.minimum,
        }
        entry = {
            "name": one.name, "type": one.type, "title": one.title, "description": one.description, "unit": one.unit or None,
            "constraints": {key: value for key, value in constraints.items() if value is not None} or None,
        }
        described.append({key: value for key, value in entry.items() if value is not None})
    keys = [
        {"fields": [column], "reference": {"resource": other, "fields": [target]}}
        for column, (other, target) in table.refers.items()
        if table[column].required
    ]
    described_table = {"fields": described, "primaryKey": list(table.key), "foreignKeys": keys, "missingValues": [""]}
    return {key: value for key, value in described_table.items() if value}


def data_dictionary() -> str:
    """Write the data dictionary as Markdown."""
    lines = [*_INTRODUCTION]
    for table in fields.tables().values():
        lines += [f"## {table.title} (`{table.name}`)", "", f"One row: {table.description}", ""]
        lines += [
            f"Key: {', '.join(f'`{name}`' for name in table.key)}.", "", "| field | label | type | what it is |",
            "| --- | --- | --- | --- |",
        ]
        lines += [f"| `{one.name}` | {one.title} | {_type_in_words(one)} | {_described(one)} |" for one in table.fields]
        lines.append("")
    lines += [
        "## Indicators of disclosures", "", "| indicator | what was reported | article | theme | unit |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| `{name}` | {entry['label']} | {entry.get('article', '')} | {entry['theme']} | {entry['unit']} |"
        for name, entry in fields.indicators().items()
    ]
    lines += [
        "", "## Publishers", "",
        "Where publishers disagree all rows stay; a figure uses the row of the publisher that comes first.", "",
        "| kind of fact | order | why |", "| --- | --- | --- |",
    ]
    lines += [f"| {name} | {'; '.join(group['order'])} | {group['reason'].strip()} |"
              for name, group in precedence.rules()["groups"].items()]
    return "\n".join(lines) + "\n"


def _type_in_words(one: fields.Field) -> str:
    kind = f"{fields.TYPE_NAMES[one.type]}{f', {one.unit}' if one.unit else ''}"
    return kind if one.required else f"{kind}, may be blank"


def _described(one: fields.Field) -> str:
    allowed = f" One of {', '.join(f'`{value}`' for value in one.values)}." if one.values else ""
    bounds = f" From {one.minimum} on." if one.minimum is not None else ""
    bounds += " Not after the day of reading." if one.maximum == "today" else ""
    source = f" ({one.source})" if one.source else ""
    return f"{one.description}{allowed}{bounds}{source}".replace("|", "\\|")


def layouts_page() -> str:
    """Write the page on layouts as Markdown: their parts, shapes, kinds, and the fields that each shape wants."""
    lines = [
        "# Layouts", "",
        "Generated by `python -m ccmlib.tidy.describe`; do not edit. A layout says which sheet, header label and field",
        "go together; it is a file of `ccmlib/ingest/maps/`, or any other that is named with its path.", "",
        "1. `ccm layout FILE` drafts one from the header and the cells.",
        "2. Name the table that each sheet feeds and the field of each column; what no table holds is `ignored`.",
        "3. `ccm check FILE --layout PATH` says what is wrong in both, before there is a card.", "",
        "```yaml", *inspect.getdoc(layouts).partition("::")[2].strip("\n").splitlines(), "```", "",
        "A column also takes `optional`, `filled`, `choices` (in any case), `nil`, `pieces` and `day_first`.", "",
        "## Shapes", "", "| shape | what it does | tables | fields it wants |", "| --- | --- | --- | --- |",
    ]  # fmt: skip
    lines += [f"| `{name}` | {shape.text} | {', '.join(shape.tables) or 'any one'} | {', '.join(shape.needs)} |"
              for name, shape in sorted(SHAPES.items())]  # fmt: skip
    lines += ["", "## Kinds of columns", "", "| kind | what it reads | gives |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {kind.text} | {', '.join(f'`field{suffix}`' for suffix in kind.gives)} |"
              for name, kind in sorted(KINDS.items())]  # fmt: skip
    lines += ["", "## Fields", "", "Those in bold are never blank; the data dictionary says what each is.", "",
              "| table | fields |", "| --- | --- |"]  # fmt: skip
    for table in fields.tables().values():
        named = ", ".join(f"**{one.name}**" if one.required else one.name for one in table.fields)
        lines.append(f"| `{table.name}` | {named} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write ``docs/data-dictionary.md`` and ``docs/layouts.md``."""
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    for document, text in ((DOCUMENT, data_dictionary()), (LAYOUTS, layouts_page())):
        document.write_text(text, encoding="utf-8")
        print(f"wrote {document.relative_to(project.ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
