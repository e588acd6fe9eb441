"""What the command line shows: tables for people, JSON for programs, progress where somebody is looking.

Results go to stdout, everything else to stderr. Takes reports as plain values; knows neither `api` nor `indexer`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Report = Mapping[str, Any]

STAGES = {
    "read": "reading rows",
    "merge": "merging",
    "link": "linking records",
    "write": "writing the lake",
    "entities": "indexing entities",
    "records": "indexing records",
    "match": "matching rows",
    "answers": "writing answers",
    "export": "writing rows",
}


def out() -> Console:
    """Stdout, as wide as its contents where it is no terminal: a table in a file is not cut."""
    console = Console(highlight=False, soft_wrap=False)
    return console if console.is_terminal else Console(highlight=False, width=240)


def say(line: str) -> None:
    """One line on stderr."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def print_json(value: object) -> None:
    """`value` as JSON on stdout."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS
    sys.stdout.write(orjson.dumps(value, default=str, option=options).decode())
    sys.stdout.flush()


def where_served(host: str, base_url: str, address: str) -> str:
    """The line that `xincha serve` begins with; `address` is what a browser on this machine opens.

    Behind every address (0.0.0.0, as in a container) that may be another one: only who published the port knows it.
    """
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - recognised, not bound
        port = f"port {address.rpartition(':')[2]} of every address"
        return f"信查 Xincha: {base_url}, {port}" if base_url else f"信查 Xincha: {port}, or what a container publishes"
    return f"信查 Xincha: {address}"


class Watch:
    """A `Progress` of the indexer, shown by Rich: what is done, how fast, and how long it will take."""

    def __init__(self, shown: Progress) -> None:
        self.shown = shown
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """`done` of `total` rows or documents of this stage."""
        if stage not in self.tasks:
            self.tasks[stage] = self.shown.add_task(STAGES.get(stage, stage), total=total)
        self.shown.update(self.tasks[stage], completed=done, total=total)


@contextmanager
def progress() -> Iterator[Watch | None]:
    """What to give to long work; None where stderr is no terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    from rich import progress as rich

    class Rate(rich.ProgressColumn):
        """Rows a second."""

        def render(self, task: rich.Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "", style="progress.data.speed")

    columns = (
        rich.TextColumn("{task.description:<18}"),
        rich.BarColumn(),
        rich.MofNCompleteColumn(separator=" of "),
        Rate(),
        rich.TimeRemainingColumn(),
    )
    with rich.Progress(*columns, console=console, transient=True) as shown:
        yield Watch(shown)


def written_to(path: Path) -> Callable[[Mapping[str, object]], None]:
    """Progress for another program: the newest state as JSON in a file that is whole at any time."""
    new = path.with_name(f"{path.name}.new")

    def write(state: Mapping[str, object]) -> None:
        new.write_bytes(orjson.dumps(state))
        new.replace(path)

    return write


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[str] = ()) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(f"{cell:,}" if isinstance(cell, int) else str(cell or "")) for cell in row))
    return table


FILE_COLUMNS = ("rows_read", "kept", "merged", "rejected", "issues")


MOST_COLUMNS = 20
"""Columns that a file's line names; `--json` names all."""


def files_table(files: Sequence[Report]) -> Table:
    """Per file: rows read = kept + merged + rejected, issues, and which columns were not read; a last line of sums."""
    rows: list[list[object]] = []
    for file in files:
        again = " (loaded before)" if file.get("loaded_before") else ""
        rows.append([f"{file['file']}{again}", file["kind"], *(file[name] for name in FILE_COLUMNS)])
        if unread := file["unread_columns"]:
            more = f" and {len(unread) - MOST_COLUMNS} more" if len(unread) > MOST_COLUMNS else ""
            told = f"  columns not read: {'、'.join(unread[:MOST_COLUMNS])}{more}"
            rows.append([told, "", *[""] * len(FILE_COLUMNS)])
    if len(files) > 1:
        rows.append(["all files", "", *(sum(file[name] for file in files) for name in FILE_COLUMNS)])
    heads = ("rows read", "= kept", "+ merged", "+ rejected", "issues")
    return _table("Files", ("file", "kind", *heads), rows, heads)


def reasons_table(title: str, reasons: Sequence[Report]) -> Table:
    """The commonest reasons with an example of each."""
    rows = [(reason["count"], reason["code"], reason["example"]) for reason in reasons[:10]]
    return _table(title, ("rows", "reason", "for example"), rows, ("rows",))


def load_report(load: Report, publish: Report | None) -> None:
    """What became of every row, why the others were not used, and what is published now."""
    console = out()
    console.print(files_table(load["files"]))
    for title, name in (("Rows rejected", "rejects"), ("Values not read", "issues")):
        if load[name]:
            console.print(reasons_table(title, load[name]))
    links_told(load)
    for each in load["gone"]:
        console.print(gone_told(each), markup=False)
    seconds = sum(report["seconds"].get("total", 0) for report in (load, publish) if report)
    if not load["changed"]:
        console.print("nothing changed: the lake held all of this already")
    if publish:
        publish_report(publish)
    console.print(f"{seconds:,.1f} s")


def gone_told(gone: Report) -> str:
    """What a complete delivery came to, in one line."""
    source = f"source {gone['source']}" if gone["source"] else "the source without a name"
    returned = f", {gone['returned']:,} are there again" if gone["returned"] else ""
    return (
        f"complete delivery of {gone['day']} of {source}: "
        f"{gone['gone']:,} of {gone['of']:,} records of kind {gone['kind']} are gone{returned}"
    )


LINK_COLUMNS = ("party_name", "party_uscc", "rule", "name", "entity_id", "likeness", "source_file", "source_row")


def links_told(load: Report) -> None:
    """By which rules records are linked, which links a person should look at, and how many are linked to nobody."""
    console = out()
    for which, name in (("records", "links"), ("of these by this load", "new_links")):
        if load[name]:
            counts = ", ".join(f"{rule} {count:,}" for rule, count in load[name].items())
            console.print(f"{which} linked by: {counts}")
    if load["least_certain"]:
        rows = [[link[name] for name in LINK_COLUMNS] for link in load["least_certain"]]
        console.print(_table("Links between names that differ most", LINK_COLUMNS, rows, ("source_row",)))
    if load["unlinked"]:
        console.print(f"linked to nobody: {load['unlinked']:,} records; `xincha unlinked` lists them")


def publish_report(publish: Report) -> None:
    """What readers see now."""
    counts = ", ".join(f"{count:,} {index}" for index, count in publish["documents"].items())
    told = {"unchanged": "published already", "changes": "published (changes only)"}
    out().print(f"{told.get(publish['mode'], 'published')}: {counts}")


def clean_report(clean: Report, publish: Report) -> None:
    """Of how many records personal data was blanked, and what readers see now."""
    counts = ", ".join(f"{count:,} {kind}" for kind, count in clean["blanked"].items())
    rejects = f", {clean['rejects']:,} rejected rows" if clean["rejects"] else ""
    out().print(f"personal data blanked: {counts or 'none'}{rejects}; earlier states of the lake are gone")
    publish_report(publish)


def lookup_table(query: str, coverage: str, page: Report) -> None:
    """Entities found: name, state, code, district, risks, and why they are here; what they were looked for in."""
    console = out()
    if not page["hits"]:
        console.print(Text(f"未找到：{query}（装载的登记信息里没有与之相符的市场主体）"))
        for note in page["notes"]:
            console.print(Text(note))
        for hit in page["nearest"]:
            console.print(Text(f"最接近的：{hit['name']} {hit['entity_id']}"))
        console.print(Text(f"数据范围：{coverage}"))
        return
    rows = []
    for hit in page["hits"]:
        risks = " · ".join(risk["text"] for risk in hit["risks"])
        reasons = "；".join(reason["text"] for reason in hit["reasons"][:3])
        known = (hit["known_from"] or "",) if "known_from" in hit else ()
        rows.append((hit["name"], hit["status"], hit["entity_id"], hit["region"], risks, reasons, *known))
    columns = ("名称", "状态", "代码", "地区", "风险", "匹配原因", "登记信息始于")
    console.print(_table("", columns[: len(rows[0])] if rows else columns, rows))
    for hit in page["hits"]:
        if "records" in hit:
            console.print(_records_table(hit["name"], hit["records"], hit["records_total"]))
    for note in page["notes"]:
        console.print(Text(note))
    if page["total"] > len(page["hits"]):
        console.print(f"共 {page['total']:,} 家，以上为前 {len(page['hits'])} 家")
    console.print(Text(f"数据范围：{coverage}"))


def _records_table(name: str, records: Sequence[Report], total: int) -> Table:
    """The records of an entity: day, kind, what it says, office and number, until when it is shown."""
    from xincha.kinds import KINDS

    rows = []
    for record in records:
        kind = KINDS[record["kind"]]
        said = [record[each] for each in (*kind.names("authority"), *kind.names("number")) if record.get(each)]
        until = record["public_until"] or ""
        until = "" if until.startswith("9999") else until
        rows.append((record["happened_on"], kind.title, record["headline"], "，".join(said[:2]), until))
    title = f"{name}：{total} 条记录" + (f"，以下为最近 {len(rows)} 条" if total > len(rows) else "")
    return _table(title, ("日期", "类别", "内容", "机关与文号", "公示至"), rows)


def coverage_table(lines: Sequence[Sequence[object]]) -> None:
    """What is loaded, by kind and authority; the first line are heads."""
    heads, *rows = lines
    out().print(_table("数据范围", list(map(str, heads)), rows, ("条数",)))


def quality_table(lines: Sequence[Sequence[object]]) -> None:
    """How well penalties are published, a line for each file, office and month; the first line are heads."""
    heads, *rows = lines
    names = list(map(str, heads))
    cells = [[f"{cell:g}" if isinstance(cell, float) else cell for cell in row] for row in rows]
    out().print(_table("公示质量", names, cells, names[3:]) if rows else "no penalties of these are loaded")


def stats_table(lines: Sequence[Sequence[object]], named: int, notes: Sequence[str]) -> None:
    """Figures, and what is to be known of them; the first line are heads. `named`: columns of what is counted by."""
    heads, *rows = lines
    names = list(map(str, heads))
    cells = [[*map(str, row[:named]), *map(_figure, row[named:])] for row in rows]
    out().print(_table("统计", names, cells, names[named:]) if rows else "nothing of these is found")
    for note in notes:
        out().print(note)


def _figure(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int | float) else str(cell or "")


def _when(moment: object) -> str:
    """A moment, to the minute, in the time of this machine."""
    parsed = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{parsed.astimezone():%Y-%m-%d %H:%M}" if isinstance(parsed, datetime) else ""


def status_tables(lake: Report, engine: Report, holds: Sequence[Report]) -> None:
    """What the lake holds, what the engine answers from, and what is held back."""
    console = out()
    if lake["batches"]:
        rows: list[tuple[object, object]] = [(name, count) for name, count in lake["rows"].items()]
        rows += [(f"records linked by {rule}", count) for rule, count in lake["links"].items()]
        rows += [(f"records gone from their source: {kind}", count) for kind, count in lake["gone"].items()]
        console.print(f"lake: {lake['folder']}, loads: {lake['batches']:,}, the last: {_when(lake['last_load_at'])}")
        console.print(_table("", ("what", "rows"), rows, ("rows",)))
        for title, name in (("Rows rejected", "rejects"), ("Values not read", "issues")):
            if lake[name]:
                console.print(reasons_table(title, lake[name]))
    else:
        console.print(f"lake: {lake['folder']} is empty; load files with `xincha load PATH`")
    engine_table(engine)
    if holds:
        holds_table(holds)
    if lake["batches"] and not lake["published"]:
        console.print("the lake holds what is not published: `xincha publish`")


def match_report(coverage: str, report: Report) -> None:
    """What became of the rows of a list, which columns were used, in what was looked, and where the answers are."""
    console, states = out(), report["states"]
    used = ", ".join(f"{field}: {' + '.join(columns)}" for field, columns in report["columns"].items())
    console.print(f"columns used: {used}", markup=False)
    if report["unread_sheets"]:
        console.print(f"tables that are no part of the list: {', '.join(report['unread_sheets'])}", markup=False)
    rows = [[name, states.get(name, 0)] for name in ("matched", "ambiguous", "none", "error")]
    console.print(_table("", ("state", "rows"), [*rows, ["all", report["rows"]]], ("rows",)))
    console.print(Text(f"数据范围：{coverage}"))
    console.print(f"written: {report['out']}", markup=False)


_CHANGES = {"changed": "", "new": "（新增的行）", "gone": "（不再有的行）"}


def match_differences(report: Report) -> None:
    """The rows of a list whose answers are others than before, one a line."""
    for each in report["differences"]:
        cells = "，".join(filter(None, each["input"].values()))
        told = "；".join(f"{head} {old or '（空）'} → {new or '（空）'}" for head, (old, new) in each["fields"].items())
        line = f"{each['row']}: {cells}{_CHANGES[each['change']]}" + (f"：{told}" if told else "")
        out().print(line, markup=False, highlight=False, soft_wrap=True)


def engine_table(engine: Report) -> None:
    """The index versions that searches are answered from."""
    console = out()
    console.print(f"engine: {engine['engine']}, {'ready' if engine['ready'] else 'not ready: ' + engine['reason']}")
    rows = [
        (name, index["documents"], index["version"], _when(index["published_at"]), ", ".join(index["previous"]))
        for name, index in engine["indices"].items()
    ]
    if rows:
        columns = ("index", "documents", "version", "published", "kept for rollback")
        console.print(_table("", columns, rows, ("documents",)))


def settings_table(rows: Sequence[Report]) -> None:
    """Every setting with its value and meaning."""
    console = out()
    console.print(_table("", ("setting", "value", "meaning"), [(r["key"], r["value"], r["meaning"]) for r in rows]))


def keys_table(keys: Sequence[Report]) -> None:
    """Keys of callers, one a line; never a key itself."""
    rows = [[key["name"], key["state"], *(_when(key[f"{done}_at"]) for done in ("made", "expires", "revoked"))]
            for key in keys]  # fmt: skip
    out().print(_table("", ("key", "state", "made", "expires", "revoked"), rows) if rows else "none")


def holds_table(holds: Sequence[Report]) -> None:
    """Records that are or were held back, one a line."""
    rows = [
        [
            each["record_id"],
            each["state"],
            _when(each["since"]),
            each["until"],
            _when(each["released_at"]),
            each["reason"],
        ]
        for each in holds
    ]
    columns = ("record", "state", "since", "until", "released", "reason")
    out().print(_table("Records held back", columns, rows) if rows else "none")


def unlinked_table(records: Sequence[Report], limit: int) -> None:
    """Records that are linked to nobody, one a line; whether there may be more than `limit`."""
    rows = [
        (
            r["party_name"],
            r["party_uscc"],
            r["rule"],
            ", ".join(r["candidates"] or ()),
            r["source_file"],
            r["source_row"],
        )
        for r in records
    ]
    columns = ("party", "code", "linked", "may be", "file", "row")
    out().print(_table("", columns, rows, ("row",)) if rows else "none")
    if len(records) == limit:
        out().print(f"the first {limit:,}; --limit lists more")


def findings_table(findings: Sequence[Report]) -> None:
    """Rejected rows or unreadable values, one a line."""
    console = out()
    if not findings:
        console.print("none")
        return
    rows = [
        (f["source_file"], f["source_row"], f["line"], f["column"], f["code"], f["message"], f["raw"] or "")
        for f in findings
    ]
    columns = ("file", "row", "line", "column", "reason", "message", "as published")
    console.print(_table("", columns, rows, ("row", "line")))
