"""The field dictionary written out: ``datapackage.json`` beside the tidy tables, and ``docs/data-dictionary.md``."""

from datetime import date

from ccmlib.base import fields, project
from ccmlib.tidy import precedence

DOCUMENT = project.ROOT / "docs" / "data-dictionary.md"

_INTRODUCTION = (
    "# Data dictionary", "",
    "Generated from `ccmlib/base/dictionary/` by `python -m ccmlib.tidy.describe`; do not edit. The tidy tables are in",
    "`data/processed/`, each as Parquet and CSV. A blank text means: not stated. In CSV, a text that a spreadsheet",
    "program would take for a formula starts with an apostrophe.", "",
)  # fmt: skip


def datapackage(written: dict[str, dict]) -> dict:
    """Describe the tables as a Frictionless Data Package.

    Parameters
    ----------
    written : dict of str to dict
        For each table what is known of its CSV: path, bytes, hash.

    Returns
    -------
    dict
        Content of ``datapackage.json``.
    """
    resources = [
        {
            "name": name,
            "title": table.title,
            "description": table.description,
            "profile": "tabular-data-resource",
            **written[name],
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": _table_schema(table),
        }
        for name, table in fields.tables().items()
        if name in written
    ]
    return {
        "name": "convention-on-cluster-munitions",
        "profile": "tabular-data-package",
        "title": "Convention on Cluster Munitions: status, obligations, reports and disclosures",
        "resources": resources,
    }


def _table_schema(table: fields.Table) -> dict:
    described = []
    for one in table.fields:
        constraints = {
            "required": one.required or None,
            "enum": list(one.values) or None,
            "pattern": one.pattern or None,
            "minimum": str(one.minimum) if isinstance(one.minimum, date) else one.minimum,
        }
        entry = {
            "name": one.name,
            "type": one.type,
            "title": one.title,
            "description": one.description,
            "unit": one.unit or None,
            "constraints": {key: value for key, value in constraints.items() if value is not None} or None,
        }
        described.append({key: value for key, value in entry.items() if value is not None})
    keys = [
        {"fields": [column], "reference": {"resource": other, "fields": [column]}}
        for column, other in table.refers.items()
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
            f"Key: {', '.join(f'`{name}`' for name in table.key)}.",
            "",
            "| field | label | type | what it is |",
            "| --- | --- | --- | --- |",
        ]
        lines += [f"| `{one.name}` | {one.title} | {_type_in_words(one)} | {_described(one)} |" for one in table.fields]
        lines.append("")
    lines += [
        "## Indicators of disclosures",
        "",
        "| indicator | what was reported | article | theme | unit |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| `{name}` | {entry['label']} | {entry.get('article', '')} | {entry['theme']} | {entry['unit']} |"
        for name, entry in fields.indicators().items()
    ]
    lines += [
        "",
        "## Publishers",
        "",
        "Where publishers disagree all rows stay; a figure uses the row of the publisher that comes first.",
        "",
        "| kind of fact | order | why |",
        "| --- | --- | --- |",
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


def main() -> int:
    """Write ``docs/data-dictionary.md``."""
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(data_dictionary(), encoding="utf-8")
    print(f"wrote {DOCUMENT.relative_to(project.ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
