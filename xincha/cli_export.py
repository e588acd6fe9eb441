"""`xincha export entities|records`: all that a search finds, into a file. The options are the parameters of the API.

See `xincha.cli` for exit codes and for what goes where.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import typer

from xincha import console
from xincha.errors import BadParameter
from xincha.settings import Settings

if TYPE_CHECKING:
    from api.parameters import Parameters

    P = TypeVar("P", bound=Parameters)

Exported = Literal["entities", "records"]

app = typer.Typer(help="Write all that a search finds into a file; works without a server.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Out = Annotated[Path, typer.Option(help="File to write; its name ends with .csv, .ndjson, .xlsx or .parquet.")]
Texts = list[str] | None
EXPORTED: Mapping[Exported, tuple[str, Mapping[str, str]]] = {
    "entities": (
        "Entities: registration, state, counts of records, and the source of each fact.",
        {
            "q": "Name or part of it, code, pinyin, as on the page; without it: everything.",
            "status": "登记状态, such as 存续; may be given several times, like all filters.",
            "kind": "市场主体类型: 企业, 个体工商户, …",
            "region": "Region, GB/T 2260: 350000, 350200 or 350203.",
            "industry": "Industry, GB/T 4754: F, 51 or 517.",
            "authority": "登记机关, its whole name.",
            "has": "Has records that may be shown today: penalty, abnormal, spot_check.",
            "established_from": "成立日期, from this day, YYYY-MM-DD.",
            "established_to": "成立日期, up to and with this day.",
            "capital_from": "注册资本 in yuan, at least.",
            "capital_to": "注册资本 in yuan, at most.",
            "sort": "relevance, or [-]established_on, [-]approved_on, [-]capital_cny.",
        },
    ),
    "records": (
        "Records that may be shown today: penalties, listings, spot-checks, each with its source.",
        {
            "q": "Words of facts and reasons, a party's name or code, a document number; without it: everything.",
            "kind": "penalty, abnormal, spot_check; may be given several times, like all filters.",
            "region": "Region of the party, GB/T 2260.",
            "authority": "决定机关, its whole name.",
            "category": "处罚类别, 列入原因 or 抽查结果, as the API's facet gives it.",
            "state": "Of listings: listed, removed; of checks: found, clear.",
            "link": "How it was linked: uscc, reg_no, name, former_name, none, ambiguous.",
            "happened_from": "Decided, listed or checked from this day, YYYY-MM-DD.",
            "happened_to": "Decided, listed or checked up to and with this day.",
            "fine_from": "罚款 in yuan, at least.",
            "fine_to": "罚款 in yuan, at most.",
            "sort": "[-]happened_on or [-]fine_cny; without it: newest first.",
        },
    ),
}
"""The commands of `export`: what each writes, and its options, which are the parameters of the API."""


def _add_export(index: Exported) -> None:
    told, options = EXPORTED[index]

    def command(**given: Any) -> None:
        _export(index, given.pop("out"), given, as_json=given.pop("as_json"))

    made = [
        Parameter("out", Parameter.KEYWORD_ONLY, annotation=Out),
        *(
            Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[Texts, typer.Option(help=text)])
            for name, text in options.items()
        ),
        Parameter("as_json", Parameter.KEYWORD_ONLY, default=False, annotation=Json),
    ]
    command.__signature__ = Signature(made)  # type: ignore[attr-defined]
    app.command(index, help=told)(command)


for _index in EXPORTED:
    _add_export(_index)


def _export(index: Exported, out: Path, given: Mapping[str, Texts], *, as_json: bool) -> None:
    settings = Settings.read()
    from api.parameters import AllEntitiesParameters, AllRecordsParameters
    from xincha.days import today
    from xincha.engine.open import open_engine
    from xincha.search.export.columns import columns
    from xincha.search.export.file import save_export
    from xincha.search.service import Searcher
    from xincha.tables import FORMATS, kind_of

    kind_of(out, FORMATS)
    with closing(open_engine(settings)) as engine, console.progress() as progress:
        searcher, kinds = Searcher(engine, today=today), list[str]()
        if index == "entities":
            found = searcher.all_entities(_asked(AllEntitiesParameters, given).as_search())
        else:
            asked = _asked(AllRecordsParameters, given)
            found, kinds = searcher.all_records(asked.as_search()), [*asked.kind]
        tell = (lambda rows: progress("export", rows, found.total)) if progress else None
        save_export(found, columns(index, kinds), out, tell)
    if as_json:
        console.print_json({"file": str(out), "rows": found.total, "day": found.day.isoformat()})
    else:
        typer.echo(f"{found.total:,} {index}: {out}")


def _asked(model: type[P], given: Mapping[str, Texts]) -> P:
    """The question that options ask; raises `BadParameter` naming the option."""
    from api.problems import RefusedError

    try:
        return model.read((name, value) for name, values in given.items() for value in values or ())
    except RefusedError as error:
        told = (
            f"--{wrong['name'].replace('_', '-')}: {wrong['message']} ({wrong['allowed']})" for wrong in error.wrong
        )
        raise BadParameter("; ".join(told), parameter=error.wrong[0]["name"]) from error
