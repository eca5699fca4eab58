"""What calamine does not tell of an OpenDocument spreadsheet: sizes, error values, hidden rows."""

from xml.parsers import expat

from ccmlib.base.problems import Problems, ProblemsFound
from ccmlib.ingest import archive
from ccmlib.ingest.addresses import address, ranges


def look(file: str, content: bytes, names: list[str], most_cells: int) -> archive.Parts:
    """Go through the XML of all sheets once.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    content : bytes
        The part ``content.xml``.
    names : list of str
        Parts of the archive.
    most_cells : int
        Most cells that a sheet may span.

    Raises
    ------
    ProblemsFound
        A sheet spans too many cells, or the XML is damaged.
    """
    reader = _Reader(file, most_cells)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise _stop(file, "", "a damaged workbook", "a workbook saved by a spreadsheet program") from error
    for part, rows in ((part, rows) for part, rows in reader.hidden if rows):
        part.notes.append(f"hidden: {ranges('row', rows)}; read like the others")
    notes = ["it holds macros: ignored"] if any(name.startswith("Basic/") for name in names) else []
    return archive.Parts(reader.sheets, notes)


class _Reader:
    """Counts rows and columns of each sheet as the XML goes by."""

    def __init__(self, file: str, most_cells: int):
        self.file, self.most_cells = file, most_cells
        self.sheets: dict[str, archive.Part] = {}
        self.hidden: list[tuple[archive.Part, list[int]]] = []
        self._name = ""
        self._row = self._column = self._filled_to = self._widest = 0
        self._repeat = 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.partition(":")[2]
        if kind == "table":
            self._name = attributes.get("table:name", "")
            self._row = self._widest = 0
            part = self.sheets[self._name] = archive.Part()
            self.hidden.append((part, []))
        elif kind == "table-row":
            self._repeat = int(attributes.get("table:number-rows-repeated", 1))
            self._column = self._filled_to = 0
            if attributes.get("table:visibility") in ("collapse", "filter"):
                # The hidden rest of a sheet is one row repeated to the end.
                self.hidden[-1][1].extend(range(self._row + 1, self._row + 1 + min(self._repeat, 1000)))
        elif kind in ("table-cell", "covered-table-cell"):
            self._cell(attributes)

    def end(self, tag: str) -> None:
        if not tag.endswith(":table-row"):
            return
        self._row += self._repeat
        if self._filled_to:
            self._widest = max(self._widest, self._filled_to)
            if self._row * self._widest > self.most_cells:
                found = f"cells down to row {self._row:,} and out to column {self._widest:,}"
                raise _stop(self.file, self._name, found, f"at most {self.most_cells:,} cells")

    def _cell(self, attributes: dict[str, str]) -> None:
        part, cell = self.sheets[self._name], address(self._row, self._column)
        self._column += int(attributes.get("table:number-columns-repeated", 1))
        value_type = attributes.get("office:value-type", "")
        if value_type:
            self._filled_to = self._column
        if attributes.get("calcext:value-type") == "error":
            part.faults.append((cell, "an error", archive.ERROR_EXPECTED, ""))
        elif attributes.get("table:formula") and not value_type:
            part.faults.append((cell, archive.FORMULA_FOUND, archive.FORMULA_EXPECTED, archive.FORMULA_HINT))
        if value_type == "percentage":
            part.percent |= {cell}


def _stop(file: str, sheet: str, found: str, expected: str) -> ProblemsFound:
    problems = Problems()
    problems.add(file, sheet, found=found, expected=expected)
    return ProblemsFound(problems)
