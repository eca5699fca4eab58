import datetime as dt
import io
import struct
import time
import zipfile

import openpyxl
import pytest
import xlwt
from openpyxl.utils.datetime import MAC_EPOCH
from raw_copies import one

from ccmlib.base import project
from ccmlib.base.problems import ProblemsFound
from ccmlib.ingest import cells, grid, workbooks

TABLE = [["State", "Submitted"], ["Chad", "6 Apr 2016"], ["Côte d'Ivoire", "5 Apr 2016"]]


def refused(path):
    """Give the one problem for which a file is refused."""
    with pytest.raises(ProblemsFound) as caught:
        grid.read(path)
    return one(caught.value.problems)


def workbook_with(change, path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Log"
    for row in TABLE:
        sheet.append(row)
    change(workbook, sheet)
    workbook.save(path)
    return path


def edit_part(path, part, change):
    """Change one part of a workbook in its archive, as other programs write it."""
    with zipfile.ZipFile(path) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_files_of_every_encoding_and_separator(tmp_path, encoding, delimiter):
    path = tmp_path / "log.csv"
    path.write_text("\n".join(delimiter.join(row) for row in TABLE), encoding=encoding)
    workbook = grid.read(path)
    assert workbook.sheets[0].rows == TABLE
    assert workbook.sheets[0].name == "log"


def test_a_lost_quotation_mark_does_not_swallow_the_rest(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text('State,Remarks\nChad,"open\nMali,x\nTogo,y\n', encoding="utf-8")
    assert "quotation mark" in refused(path).suggestion


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.xlsx", b"", "an empty file"),
        ("a.csv", b"", "an empty file"),
        ("a.csv", b"\xef\xbb\xbf \r\n", "a file without text"),
        ("a.xlsx", b"State,Submitted\nChad,6 Apr 2016\n", "a text file (csv) by its content"),
        ("a.xlsx", b"%PDF-1.7 ...", "a PDF document"),
        ("a.csv", b"\x89PNG\r\n\x1a\n", "a picture"),
        ("a.xls", b"<html><table><tr><td>State</td></tr></table></html>",
         "a web page or XML file without a table that can be read"),
        ("a.xlsx", b"PK\x03\x04 and no more", "a truncated or damaged workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
         "an Office file without a workbook, or a truncated one"),
        ("a.csv", bytes(range(256)) * 4, "bytes that are not text"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_named(tmp_path, name, content, found):
    (tmp_path / name).write_bytes(content)
    problem = refused(tmp_path / name)
    assert problem.found == found
    assert problem.file == name
    assert problem.expected


def test_a_workbook_named_csv_is_named(tmp_path):
    path = workbook_with(lambda workbook, sheet: None, tmp_path / "a.xlsx").rename(tmp_path / "a.csv")
    problem = refused(path)
    assert problem.found == "an Excel workbook (xlsx) by its content"
    assert "a.xlsx" in problem.suggestion


def test_a_missing_file_is_named(tmp_path):
    assert refused(tmp_path / "none.xlsx").file == "none.xlsx"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_named(tmp_path, share):
    content = (project.RAW / "article7_log.xlsx").read_bytes()
    path = tmp_path / "article7_log.xlsx"
    path.write_bytes(content[: int(len(content) * share)])
    assert "damaged" in refused(path).found


def test_a_workbook_whose_bytes_rotted_is_named(tmp_path):
    content = bytearray((project.RAW / "article7_log.xlsx").read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    at = entry.header_offset + 100
    content[at : at + 20] = b"\xff" * 20
    path = tmp_path / "article7_log.xlsx"
    path.write_bytes(bytes(content))
    assert "damaged part xl/worksheets/sheet1.xml" in refused(path).found


def test_an_encrypted_workbook_is_named(tmp_path):
    path = tmp_path / "a.xlsx"
    name = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + name + b"\0" * 500)
    assert refused(path).found == "an encrypted workbook"


def test_an_encrypted_xls_is_named(tmp_path):
    path = tmp_path / "a.xls"
    workbook = xlwt.Workbook()
    workbook.add_sheet("Log").write(0, 0, "State")
    workbook.save(str(path))
    # A FILEPASS record in place of the code page says that what follows is encrypted.
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<HH", 0x42, 2), struct.pack("<HH", 0x2F, 2), 1))
    assert refused(path).found == "an encrypted workbook"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = workbook_with(lambda workbook, sheet: None, tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/big.bin", "w") as big:
        for _ in range(700):
            big.write(b"\0" * 1_000_000)
    started = time.process_time()
    assert "unpack to" in refused(path).found
    assert time.process_time() - started < 1


def test_a_part_that_lies_about_its_size_is_refused(tmp_path):
    path = workbook_with(lambda workbook, sheet: None, tmp_path / "a.xlsx")
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    true_size, lie = struct.pack("<I", entry.file_size), struct.pack("<I", 10)
    path.write_bytes(content.replace(true_size, lie))
    assert "damaged part" in refused(path).found


def test_a_cell_far_out_does_not_take_the_memory_of_all_cells_before_it(tmp_path):
    def far_out(workbook, sheet):
        sheet["XFD200000"] = "x"

    assert "out to column 16,384" in refused(workbook_with(far_out, tmp_path / "a.xlsx")).found


def test_many_rows_of_few_columns_are_not_too_much(tmp_path):
    def far_down(workbook, sheet):
        sheet["B400000"] = "x"

    assert len(grid.read(workbook_with(far_down, tmp_path / "a.xlsx")).sheets[0].rows) == 400_000


def test_a_document_type_declaration_is_refused(tmp_path):
    path = workbook_with(lambda workbook, sheet: None, tmp_path / "a.xlsx")
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    edit_part(path, "xl/workbook.xml", lambda part: bomb + part)
    assert "document type declaration" in refused(path).found


def test_macros_and_links_are_ignored_and_said(tmp_path):
    path = workbook_with(lambda workbook, sheet: None, tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    notes = " ".join(grid.read(path).notes)
    assert "macros: ignored" in notes
    assert "links to other workbooks: not followed" in notes


def test_errors_and_formulas_without_a_value_are_named(tmp_path):
    def spoil(workbook, sheet):
        sheet["A2"] = "#REF!"
        sheet["B2"] = "=1+1"
        sheet["B3"] = "=1/0"

    sheet = grid.read(workbook_with(spoil, tmp_path / "a.xlsx")).sheets[0]
    assert {(fault.cell, fault.found) for fault in sheet.faults} == {
        ("A2", "#REF!"), ("B2", "a formula that was never calculated"), ("B3", "a formula that was never calculated")
    }  # fmt: skip


def test_a_formula_with_its_value_is_read(tmp_path):
    def formula(workbook, sheet):
        sheet["B2"] = "=1+1"

    path = workbook_with(formula, tmp_path / "a.xlsx")
    edit_part(
        path,
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>"),
    )
    sheet = grid.read(path).sheets[0]
    assert sheet.faults == []
    assert sheet.rows[1][1] == 2


def test_hidden_rows_columns_and_sheets_are_read_and_said(tmp_path):
    def hide(workbook, sheet):
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True
        workbook.create_sheet("Shown")
        sheet.sheet_state = "hidden"
        workbook.active = 1

    sheet = grid.read(workbook_with(hide, tmp_path / "a.xlsx")).sheets[0]
    assert sheet.rows == TABLE
    assert " ".join(sheet.notes) == (
        "the sheet is hidden; it is read like the others hidden: row 2; read like the others "
        "hidden: column B; read like the others"
    )


def test_numbers_shown_as_percentages_are_known(tmp_path):
    def percent(workbook, sheet):
        sheet["B2"], sheet["B3"] = 0.85, 0.5
        sheet["B2"].number_format = "0%"
        sheet["B3"].number_format = '0.0 "percent"'

    assert grid.read(workbook_with(percent, tmp_path / "a.xlsx")).sheets[0].formats == {"B2": "percent"}


def test_dates_that_count_from_1904_are_read_so_and_said(tmp_path):
    def mac(workbook, sheet):
        workbook.epoch = MAC_EPOCH
        sheet["B2"] = dt.date(2016, 4, 6)

    workbook = grid.read(workbook_with(mac, tmp_path / "a.xlsx"))
    assert workbook.sheets[0].rows[1][1] == dt.date(2016, 4, 6)
    assert "1904" in workbook.notes[0]


def test_merged_cells_are_known(tmp_path):
    def merge(workbook, sheet):
        sheet.merge_cells("A2:B3")

    assert grid.read(workbook_with(merge, tmp_path / "a.xlsx")).sheets[0].merged == [(1, 0, 2, 1)]


def test_a_workbook_with_prefixed_names_is_looked_at_too(tmp_path):
    def spoil(workbook, sheet):
        sheet["A2"] = "#REF!"

    path = workbook_with(spoil, tmp_path / "a.xlsx")

    def prefix(part):
        part = part.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"<x:?xml", b"<?xml")
        return part.replace(b"xmlns=", b"xmlns:x=")

    edit_part(path, "xl/worksheets/sheet1.xml", prefix)
    assert [fault.found for fault in grid.read(path).sheets[0].faults] == ["#REF!"]


def test_xls_is_read_with_its_dates_and_what_is_hidden(tmp_path):
    path = tmp_path / "a.xls"
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Côte")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for row in range(300):
        sheet.write(row, 0, f"Chad {row}")
        sheet.write(row, 1, dt.date(2016, 4, 6), day)
    sheet.row(6).hidden = True
    sheet.col(1).hidden = True
    workbook.save(str(path))
    read = grid.read(path)
    assert read.kind == "xls"
    assert read.sheets[0].name == "Côte"
    assert read.sheets[0].rows[299] == ["Chad 299", dt.date(2016, 4, 6)]
    assert read.sheets[0].notes == ["hidden: row 7; read like the others", "hidden: column B; read like the others"]


def test_errors_in_xls_are_named(tmp_path):
    path = tmp_path / "a.xls"
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Log")
    sheet.row(1).set_cell_error(0, "#REF!")
    workbook.save(str(path))
    assert [(fault.cell, fault.found) for fault in grid.read(path).sheets[0].faults] == [("A2", "#REF!")]


def test_a_truncated_xls_is_named(tmp_path):
    path = tmp_path / "a.xls"
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Log")
    for row in range(2000):
        sheet.write(row, 0, f"State {row}")
    workbook.save(str(path))
    content = path.read_bytes()
    for size in (1000, len(content) // 3, len(content) // 2):
        path.write_bytes(content[:size])
        assert "truncated" in refused(path).found


def make_ods(path, rows, visibility=None):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    table = Table(name="Log")
    for number, row in enumerate(rows):
        line = TableRow(visibility=visibility) if visibility and number == 1 else TableRow()
        for value in row:
            cell = TableCell(**value) if isinstance(value, dict) else TableCell(valuetype="string")
            if not isinstance(value, dict):
                cell.addElement(P(text=value))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    document.save(str(path))
    return path


def test_ods_is_read_with_its_dates_and_what_is_hidden(tmp_path):
    rows = [TABLE[0], ["Chad", {"valuetype": "date", "datevalue": "2016-04-06"}]]
    workbook = grid.read(make_ods(tmp_path / "a.ods", rows, visibility="collapse"))
    assert workbook.kind == "ods"
    assert workbook.sheets[0].rows[1] == ["Chad", dt.date(2016, 4, 6)]
    assert workbook.sheets[0].notes == ["hidden: row 2; read like the others"]


def test_a_formula_without_a_value_in_ods_is_named(tmp_path):
    path = make_ods(tmp_path / "a.ods", [TABLE[0], ["Chad", {"formula": "of:=1+1"}]])
    assert [fault.cell for fault in grid.read(path).sheets[0].faults] == ["B2"]


def test_an_ods_row_repeated_a_million_times_is_refused(tmp_path):
    path = make_ods(tmp_path / "a.ods", [TABLE[0], ["Chad", {"valuetype": "float", "value": "1"}]])

    def repeat(part):
        before, row, after = part.rpartition(b"<table:table-row")
        after = after.replace(b'office:value="1"', b'office:value="1" table:number-columns-repeated="16000"')
        return before + row + b' table:number-rows-repeated="1000000"' + after

    edit_part(path, "content.xml", repeat)
    assert "cells down to row" in refused(path).found


def test_a_zip_archive_without_a_workbook_is_named(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refused(path).found == "a zip archive that is no spreadsheet"


def test_text_of_a_cell_for_messages():
    assert [cells.shown(value) for value in (True, 0.5, 3.0, dt.datetime(2016, 4, 6, 12, 30), "a\n b")] == [
        "TRUE", "0.5", "3", "2016-04-06 12:30:00", "a b"
    ]  # fmt: skip


def test_a_macintosh_encoding_is_named_and_windows_quotation_marks_are_read(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes("State,Day\nCôte d’Ivoire,6 Apr 2016\nTürkiye,6 Apr 2016\n".encode("mac_roman"))
    assert refused(path).found == "text in a Macintosh encoding"
    for text in ("Côte d’Ivoire", "the State’s “list” – 5"):
        path.write_bytes(f"State,Day\n{text},6 Apr 2016\n".encode("cp1252"))
        assert grid.read(path).sheets[0].rows[1][0] == text


def test_a_text_file_cut_in_its_last_line_is_noted(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("State,Day\nChad,6 Apr 2016\nMali,6 A", encoding="utf-8")
    assert "the last line has no end" in grid.read(path).notes[0]


def test_struck_out_raised_and_hidden_values_years_comments_and_formulas_are_told(tmp_path):
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    def change(workbook, sheet):
        sheet["A2"].font = Font(strike=True)
        sheet["B2"] = dt.date(2016, 4, 6)
        sheet["B2"].number_format = "yyyy"
        sheet["B3"] = CellRichText("510", TextBlock(InlineFont(vertAlign="superscript"), "1"))
        sheet["C2"] = 5
        sheet["C2"].number_format = ";;;"
        sheet["A3"].comment = Comment("check", "someone")

    path = workbook_with(change, tmp_path / "a.xlsx")
    edit_part(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'<row r="3"', b'<row r="3" ht="0"'))
    sheet = grid.read(path).sheets[0]
    assert sheet.formats == {"A2": "struck", "B2": "year", "B3": "raised", "C2": "unshown"}
    assert "comments, not read: A3" in sheet.notes
    assert any(note.startswith("hidden: row 3") for note in sheet.notes)


def test_a_raised_footnote_number_in_a_shared_text_is_told(tmp_path):
    text = b'<r><t>510</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>'
    assert workbooks._texts(b"<sst><si><t>510</t></si><si>%s</si><si/></sst>" % text) == {b"1": "raised"}
