"""What stands beside the files of a release: `datapackage.json` (Frictionless Data Package), `dcat.jsonld` (DCAT 3),
and `SHA256SUMS`, which `sha256sum -c` checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from xincha.kinds import KINDS
from xincha.releases.catalogue import File, Release
from xincha.tables import TableColumn

DESCRIPTIONS = ("datapackage.json", "dcat.jsonld", "SHA256SUMS")

_TYPES = {
    "date": "date",
    "time": "datetime",
    "number": "number",
    "plain": "number",
    "count": "integer",
    "flag": "boolean",
}
_MEDIA = {"parquet": "application/vnd.apache.parquet", "csv": "text/csv"}
_TITLE = "信查：公开的市场监管登记与监管记录"


def describe(release: Release, columns: Mapping[str, Sequence[TableColumn]], folder: Path) -> None:
    """Write the three into the folder of a release."""
    for name, made in (("datapackage.json", _package(release, columns)), ("dcat.jsonld", _dataset(release))):
        (folder / name).write_bytes(orjson.dumps(made, option=orjson.OPT_INDENT_2))
    (folder / "SHA256SUMS").write_text("".join(f"{file.sha256}  {file.name}\n" for file in release.files), "ascii")


def title(kind: str) -> str:
    """What a file holds, for people."""
    return "市场主体" if kind == "entities" else KINDS[kind].title


def _package(release: Release, columns: Mapping[str, Sequence[TableColumn]]) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "name": f"xincha-{release.name.lower()}",
        "title": _TITLE,
        "created": release.made_at.isoformat(),
        "version": release.name,
        "resources": [_resource(file, columns[file.kind]) for file in release.files],
    }


def _resource(file: File, columns: Sequence[TableColumn]) -> dict[str, Any]:
    change = [{"name": "change", "type": "string", "title": "changed, or gone (then without content)"}] * bool(
        file.days
    )
    fields = [
        {"name": column.key.replace(".", "_"), "type": _TYPES.get(column.type, "string"), "title": column.head}
        for column in columns
    ]
    return {
        "name": file.name.lower().replace(".", "-").replace("_", "-"),
        "path": file.name,
        "title": title(file.kind),
        "format": file.format,
        "mediatype": _MEDIA[file.format],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        **({"encoding": "utf-8", "compression": "gz"} if file.format == "csv" else {}),
        "schema": {"fields": fields + change, "primaryKey": fields[0]["name"], "missingValues": [""]},
    }


def _dataset(release: Release) -> dict[str, Any]:
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "spdx": "http://spdx.org/rdf/terms#",
        },
        "@type": "dcat:Dataset",
        "dct:title": {"@value": _TITLE, "@language": "zh"},
        "dct:identifier": release.name,
        "dct:issued": release.made_at.isoformat(),
        "dct:temporal": {"dcat:endDate": release.day.isoformat()},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": f"{title(file.kind)} {file.name}",
                "dcat:downloadURL": {"@id": file.name},
                "dcat:mediaType": _MEDIA[file.format],
                "dcat:byteSize": file.bytes,
                "spdx:checksum": {"spdx:algorithm": "sha256", "spdx:checksumValue": file.sha256},
            }
            for file in release.files
        ],
    }
