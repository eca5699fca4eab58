"""What calamine does not tell of an Excel 97 workbook (xls): encryption, error values, hidden rows."""

import struct

from ccmlib.base.problems import Problems, ProblemsFound
from ccmlib.ingest import archive, compound
from ccmlib.ingest.addresses import address, ranges

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = ("Workbook", "Book")
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_BOUNDSHEET, _BOF, _EOF, _ROW, _COLINFO, _BOOLERR, _FORMULA = 0x85, 0x809, 0x0A, 0x208, 0x7D, 0x205, 0x06
_DATEMODE, _FILEPASS = 0x22, 0x2F
#: Records of cells, which begin with row and column; calamine sets aside memory up to the last column it is told.
_CELLS = {0x06, 0xBD, 0xBE, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E}
_MOST_COLUMNS = 256


def is_encrypted_package(content: bytes) -> bool:
    """Tell whether the file is an xlsx workbook with a password."""
    return _ENCRYPTED in content


def is_workbook(content: bytes) -> bool:
    """Tell whether the file, of Office's old kind, holds a workbook."""
    return any(name.encode("utf-16-le") in content for name in _WORKBOOK)


def look(file: str, content: bytes) -> archive.Parts:
    """Go through the records of the workbook.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    content : bytes
        The file.

    Raises
    ------
    ProblemsFound
        The file is damaged or encrypted.
    """
    try:
        streams = compound.streams(content)
        parts = _records(file, next(streams[name] for name in _WORKBOOK if name in streams))
    except (ValueError, struct.error, IndexError, StopIteration) as error:
        raise _stop(
            file, "a truncated or damaged workbook", "a whole workbook", "export or download it again"
        ) from error
    if "_VBA_PROJECT_CUR" in streams:
        parts.notes.append("it holds macros: ignored")
    return parts


def _records(file: str, stream: bytes) -> archive.Parts:
    parts = archive.Parts()
    names: list[tuple[int, str]] = []
    hidden: dict[str, tuple[list[int], list[int]]] = {}
    sheet, depth, at = "", 0, 0
    while at + 4 <= len(stream):
        start, (code, length) = at, struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if code == _FILEPASS:
            raise _stop(file, "an encrypted workbook", "a workbook without a password", "save it without a password")
        if code == _BOF:
            # A chart inside a sheet is a nested substream; only the outer one starts a sheet.
            depth += 1
            sheet = next((name for offset, name in names if offset == start), sheet)
        elif code == _EOF:
            depth -= 1
        elif code == _BOUNDSHEET:
            names.append((struct.unpack_from("<I", body)[0], _name(body)))
            parts.sheets[names[-1][1]] = archive.Part()
        elif code == _DATEMODE and body[:2] == b"\x01\x00":
            parts.notes.append("dates count from 1904 in this workbook; they are read so")
        elif sheet and depth == 1:
            _look_at_record(code, body, parts.sheets[sheet], hidden.setdefault(sheet, ([], [])))
    for name, (rows, columns) in hidden.items():
        for what, numbers in (("row", rows), ("column", columns)):
            if numbers:
                parts.sheets[name].notes.append(f"hidden: {ranges(what, numbers)}; read like the others")
    return parts


def _look_at_record(code: int, body: bytes, part: archive.Part, hidden: tuple[list[int], list[int]]) -> None:
    if code in _CELLS and struct.unpack_from("<H", body, 2)[0] >= _MOST_COLUMNS:
        raise ValueError("a cell beyond the last column")
    if code == _BOOLERR:
        row, column, _, value, is_error = struct.unpack_from("<HHHBB", body)
        if is_error:
            part.faults.append((address(row, column), _ERRORS.get(value, "an error"), archive.ERROR_EXPECTED, ""))
    elif code == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        row, column = struct.unpack_from("<HH", body)
        part.faults.append((address(row, column), _ERRORS.get(body[8], "an error"), archive.ERROR_EXPECTED, ""))
    elif code == _ROW and struct.unpack_from("<H", body, 12)[0] & 0x20:
        hidden[0].append(struct.unpack_from("<H", body)[0] + 1)
    elif code == _COLINFO and struct.unpack_from("<H", body, 8)[0] & 1:
        first, last = struct.unpack_from("<HH", body)
        if last < 255:
            hidden[1].extend(range(first + 1, last + 2))


def _name(body: bytes) -> str:
    length, wide = body[6], body[7] & 1
    return body[8 : 8 + length * (1 + wide)].decode("utf-16-le" if wide else "cp1252")


def _stop(file: str, found: str, expected: str, suggestion: str = "") -> ProblemsFound:
    problems = Problems()
    problems.add(file, found=found, expected=expected, suggestion=suggestion)
    return ProblemsFound(problems)
