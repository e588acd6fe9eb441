"""Small files that unfold to much more than they are, as somebody would make them who wants all memory."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

NAME = "厦门示例澜汀建材有限公司"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="a">{}</table:table></office:spreadsheet></office:body></office:document-content>'
)
Make = Callable[[Path], None]


def sheet(rows: str) -> str:
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def text(place: str, value: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def workbook(
    path: Path,
    xml: str,
    *,
    strings: list[str] | None = None,
    sheets: int = 1,
    part: str = "worksheets/sheet1.xml",
    kept: str = "sharedStrings.xml",
) -> None:
    """A workbook of which every sheet is the same part."""
    numbers = range(1, sheets + 1)
    named = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    targets = "".join(f'<Relationship Id="r{n}" Type="{_DOC}/worksheet" Target="{part}"/>' for n in numbers)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        office = f'<Relationship Id="r1" Type="{_DOC}/officeDocument" Target="xl/workbook.xml"/>'
        book.writestr("_rels/.rels", f'<Relationships xmlns="{_RELS}">{office}</Relationships>')
        book.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}"><sheets>{named}</sheets></workbook>'
        )
        targets += f'<Relationship Id="s" Type="{_DOC}/sharedStrings" Target="{kept}"/>'
        book.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_RELS}">{targets}</Relationships>')
        book.writestr(f"xl/{part}", xml)
        if strings is not None:
            items = "".join(f"<si><t>{each}</t></si>" for each in strings)
            book.writestr(f"xl/{kept}", f'<sst xmlns="{_MAIN}">{items}</sst>')


_HEAD = f'<row r="1">{text("A1", "名称")}{text("B1", "地址")}</row><row r="2">{text("A2", NAME)}</row>'
_FAR = sheet(f'{_HEAD}<row r="1048576">{text("CV1048576", "x")}</row>')


def _shared(path: Path, kept: str = "sharedStrings.xml") -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>1</v></c></row>' for n in range(2, 40_000))
    workbook(
        path, sheet(f'<row r="1"><c r="A1" t="s"><v>0</v></c></row>{rows}'), strings=["名称", "甲" * 60_000], kept=kept
    )


def _unsaid(path: Path) -> None:
    """Cells that do not say where they are, in rows that do."""
    far = '<row r="1048576">' + "<c/>" * 400 + "<c><v>1</v></c></row>"
    workbook(path, sheet(_HEAD + far))


def _prefixed(path: Path) -> None:
    workbook(path, _FAR.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x="))


def _many_sheets(path: Path) -> None:
    workbook(path, sheet(f'{_HEAD}<row r="20000">{text("IV20000", "x")}</row>'), sheets=200)


def _ods(path: Path) -> None:
    cell = "<table:table-cell {} office:value-type='string'><text:p>{}</text:p></table:table-cell>"
    row = "<table:table-row table:number-rows-repeated='90000'>{}</table:table-row>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        many = cell.format("table:number-columns-repeated='1000'", "甲" * 100)
        book.writestr("content.xml", _ODS.format(row.format(many)))


def dictionary(path: Path, rows: int, length: int, *, lists: bool = False) -> None:
    """A Parquet file that says one text once and names it in every row."""
    of = pa.dictionary(pa.int32(), pa.string())
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["甲" * length]))
    array = pa.ListArray.from_arrays(pa.array(range(rows + 1), pa.int32()), column) if lists else column
    names = pa.array([NAME] * rows)
    table = pa.table({"名称": names, "备注": array.cast(pa.list_(of) if lists else of)})
    pq.write_table(table, path, compression="zstd", store_schema=False)


def _fixed(path: Path) -> None:
    """Values of one fixed size, which is a megabyte."""
    array = pa.array([b"x" * 1_000_000] * 300, pa.binary(1_000_000))
    pq.write_table(pa.table({"名称": pa.array([NAME] * 300), "备注": array}), path, compression="zstd")


def _nulls(path: Path) -> None:
    """A million rows of two thousand columns, of which one has a value."""
    columns = {"名称": pa.array([NAME] * 20_000), **{f"c{n}": pa.nulls(20_000, pa.string()) for n in range(1_900)}}
    with pq.ParquetWriter(path, pa.schema([(name, pa.string()) for name in columns]), compression="zstd") as writer:
        for _ in range(2):
            writer.write_table(pa.table(columns))


def _deep(path: Path) -> None:
    of: pa.DataType = pa.string()
    for _ in range(40):
        of = pa.list_(of)
    pq.write_table(pa.table({"名称": pa.array([NAME]), "a": pa.nulls(1, of)}), path)


def _columns(path: Path) -> None:
    path.write_text("名称," + ",".join("甲" for _ in range(400_000)) + f"\n{NAME}\n", "utf-8")


def _keys(path: Path) -> None:
    """Two thousand keys, and then lines that name one of them."""
    first = {"名称": NAME, **{f"k{n}": n for n in range(1_900)}}
    path.write_bytes(orjson.dumps(first) + b"\n" + b'{"k1":1}\n' * 300_000)


FILES: Mapping[str, tuple[str, Make]] = {
    "two-cells.xlsx": ("单元格", lambda path: workbook(path, _FAR)),
    "prefixed.xlsx": ("单元格", _prefixed),
    "unsaid.xlsx": ("单元格", _unsaid),
    "another-part.xlsx": ("单元格", lambda path: workbook(path, _FAR, part="theme/a.bin")),
    "many-sheets.xlsx": ("单元格", _many_sheets),
    "thousands-of-sheets.xlsx": ("工作表", lambda path: workbook(path, sheet(_HEAD), sheets=5_000)),
    "wide.xlsx": ("列", lambda path: workbook(path, sheet(f'{_HEAD}<row r="3">{text("XFD3", "x")}</row>'))),
    "no-xml.xlsx": ("损坏", lambda path: workbook(path, _FAR.replace("</worksheet>", "<&></worksheet>"))),
    "shared.xlsx": ("文字", _shared),
    "shared-behind.xlsx": ("文字", lambda path: _shared(path, "z.xml")),
    "repeated.ods": ("内存", _ods),
    "dictionary.parquet": ("文字", lambda path: dictionary(path, 90_000, 400_000)),
    "lists.parquet": ("文字", lambda path: dictionary(path, 90_000, 400_000, lists=True)),
    "fixed.parquet": ("文字", _fixed),
    "nulls.parquet": ("单元格", _nulls),
    "deep.parquet": ("嵌套", _deep),
    "columns.csv": ("列", _columns),
    "keys.jsonl": ("单元格", _keys),
}
"""Name → what the error speaks of, and what makes the file."""
