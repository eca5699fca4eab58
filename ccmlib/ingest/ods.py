"""What calamine does not tell of an OpenDocument spreadsheet: sizes, errors, hidden rows, struck-out cells."""

from collections import defaultdict
from xml.parsers import expat

from ccmlib.base.problems import unreadable
from ccmlib.ingest.addresses import address
from ccmlib.ingest.packed import FORMULA, MACROS, NO_ERROR, WHOLE, Part, Parts, opened, part


def look(file: str, content: bytes, most_cells: int) -> Parts:
    """Go through the XML of all sheets once; a damaged file, or a sheet of more than `most_cells`, is refused."""
    archive = opened(file, content)
    reader = _Reader(file, most_cells)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    try:
        parser.Parse(part(file, archive, "content.xml"), True)
    except expat.ExpatError as error:
        raise unreadable(file, "a damaged workbook", WHOLE) from error
    for name, seen in reader.sheets.items():
        seen.note(rows=reader.hidden[name], comments=reader.comments[name])
    macros = any(name.startswith("Basic/") for name in archive.namelist())
    return Parts(reader.sheets, [MACROS] if macros else [])


class _Reader:
    """Counts rows and columns of each sheet as the XML goes by."""

    def __init__(self, file: str, most_cells: int):
        self.file, self.most_cells = file, most_cells
        self.sheets: dict[str, Part] = {}
        self.hidden: dict[str, list[int]] = defaultdict(list)
        self.comments: dict[str, list[str]] = defaultdict(list)
        self._name = ""
        self._row = self._column = self._filled_to = self._widest = 0
        self._repeat = 1
        self._struck: set[str] = set()
        self._style = self._at = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.partition(":")[2]
        if kind == "table":
            self._name = attributes.get("table:name", "")
            self._row = self._widest = 0
            self.sheets[self._name] = Part()
        elif kind == "table-row":
            self._repeat = int(attributes.get("table:number-rows-repeated", 1))
            self._column = self._filled_to = 0
            if attributes.get("table:visibility") in ("collapse", "filter"):
                # The hidden rest of a sheet is one row repeated to the end.
                self.hidden[self._name].extend(range(self._row + 1, self._row + 1 + min(self._repeat, 1000)))
        elif kind in ("table-cell", "covered-table-cell"):
            self._cell(attributes)
        elif kind == "style":
            self._style = attributes.get("style:name", "")
        elif kind == "text-properties" and attributes.get("style:text-line-through-style", "none") != "none":
            self._struck.add(self._style)
        elif kind == "annotation":
            self.comments[self._name].append(self._at)

    def end(self, tag: str) -> None:
        if not tag.endswith(":table-row"):
            return
        self._row += self._repeat
        if self._filled_to:
            self._widest = max(self._widest, self._filled_to)
            if self._row * self._widest > self.most_cells:
                found = f"cells down to row {self._row:,} and out to column {self._widest:,}"
                raise unreadable(self.file, found, f"at most {self.most_cells:,} cells", sheet=self._name)

    def _cell(self, attributes: dict[str, str]) -> None:
        seen, cell = self.sheets[self._name], address(self._row, self._column)
        self._column += int(attributes.get("table:number-columns-repeated", 1))
        value_type = attributes.get("office:value-type", "")
        if value_type:
            self._filled_to = self._column
        if attributes.get("calcext:value-type") == "error":
            seen.faults.append((cell, "an error", NO_ERROR, ""))
        elif attributes.get("table:formula") and not value_type:
            seen.faults.append((cell, *FORMULA))
        if value_type == "percentage":
            seen.formats[cell] = "percent"
        if attributes.get("table:style-name") in self._struck and value_type:
            seen.formats[cell] = "struck"
        self._at = cell
