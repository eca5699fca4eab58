"""The field dictionary written out: ``datapackage.json``, ``docs/data-dictionary.md``, ``docs/layouts.md``."""

import inspect
from datetime import date
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader

from ccmlib.base import fields, project
from ccmlib.base.publishers import rules
from ccmlib.ingest import layouts
from ccmlib.ingest.column_kinds import KINDS
from ccmlib.ingest.shapes import SHAPES

#: Pages of docs/ that are made from templates.
PAGES = {name: project.ROOT / "docs" / f"{name}.md" for name in ("data-dictionary", "layouts")}

_TITLE = "Convention on Cluster Munitions: status, obligations, reports and disclosures"
_CITATION = f"{_TITLE}. Tidy tables, compiled from the exports and pages that the table `sources` cites; each row names its."
_TERMS = "The compilation: MIT License. Facts and quotations: the terms of their publishers, which the table `sources` gives."


def datapackage(written: dict[str, dict], sources: pd.DataFrame) -> dict:
    """Describe the tables as a Frictionless Data Package, with the files they were made from and their terms."""
    resources = [
        {"name": name, "title": table.title, "description": table.description, "profile": "tabular-data-resource",
         **written[name], "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": _table_schema(table)}
        for name, table in fields.tables().items()]
    return {
        "name": "convention-on-cluster-munitions", "profile": "tabular-data-package",
        "title": _TITLE, "citation": _CITATION,
        "licenses": [{"name": "MIT", "title": _TERMS, "path": "https://opensource.org/license/mit"}],
        "sources": sources[["title", "citation", "licence", "file"]].to_dict("records"), "resources": resources}


def _table_schema(table: fields.Table) -> dict:
    described = [
        _given(name=one.name, type=one.type, title=one.title, description=one.description, unit=one.unit or None,
               constraints=_given(required=one.required or None, enum=list(one.values) or None, pattern=one.pattern or None,
                                  minimum=str(one.minimum) if isinstance(one.minimum, date) else one.minimum) or None)
        for one in table.fields]
    keys = [{"fields": [column], "reference": {"resource": other, "fields": [target]}}
            for column, (other, target) in table.refers.items() if table[column].required]
    return _given(fields=described, primaryKey=list(table.key) or None, foreignKeys=keys or None, missingValues=[""])


def _given(**entries) -> dict:
    return {name: entry for name, entry in entries.items() if entry is not None}


def page(name: str) -> str:
    """Write a page of `PAGES` as Markdown."""
    templates = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), trim_blocks=True,
                            keep_trailing_newline=True)
    return templates.get_template(f"{name}.md.j2").render(
        tables=fields.tables(), types=fields.TYPE_NAMES, indicators=fields.indicators(), groups=rules()["groups"],
        shapes=SHAPES, kinds=KINDS, example=inspect.getdoc(layouts).partition("::")[2].strip("\n"))


if __name__ == "__main__":
    for name, path in PAGES.items():
        path.write_text(page(name), encoding="utf-8")
        print(f"wrote {path.relative_to(project.ROOT)}")
