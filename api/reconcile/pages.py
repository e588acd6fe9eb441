"""What a reconciliation service tells of itself (a manifest for each version), and its previews in HTML.

A preview may stand in a frame of any site, so it has its own Content-Security-Policy: nothing is loaded, nothing runs,
and the one style sheet is the one whose hash is named.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import quote

from api.reconcile.properties import TYPES
from api.reconcile.queries import BATCH_SIZE

if TYPE_CHECKING:
    from xincha.search.answers import Entity

NAME = "信查 Xincha"
WIDTH, HEIGHT = 400, 260
SCHEMA_SPACE = "https://schema.org/Organization"
_LIMIT = "每行最多几个值；0：全部"
_NUMBER = {"type": "number", "default": 0}

_STYLE = (
    "body{margin:0;padding:12px 16px;color:#1a1e23;background:#fff;"
    "font:14px/1.6 system-ui,'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif}"
    "h1{margin:0 0 4px;font-size:16px}p,dl{margin:0 0 6px}dl{display:grid;grid-template-columns:max-content 1fr;"
    "gap:2px 12px}dt{color:#4b535c}dd{margin:0}a{color:#0f5a8a}"
)
_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
PREVIEW_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
_ROWS = {
    "status": "登记状态",
    "uscc": "统一社会信用代码",
    "reg_no": "注册号",
    "region": "行政区划",
    "address": "住所",
    "industry": "行业",
}


def manifest_02(base: str) -> dict[str, object]:
    """The manifest of version 0.2; `base`: the public address of this service."""
    suggest = {
        what: {
            "service_url": base,
            "service_path": f"/reconcile/suggest/{what}",
            "flyout_service_path": f"/reconcile/flyout/{what}?id=${{id}}",
        }
        for what in ("entity", "property", "type")
    }
    return {
        **_common(base),
        "versions": ["0.2"],
        "identifierSpace": f"{base}/entity/",
        "schemaSpace": SCHEMA_SPACE,
        "view": {"url": f"{base}/entity/{{{{id}}}}"},
        "preview": {"url": f"{base}/reconcile/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": base, "service_path": "/reconcile/extend/propose"},
            "property_settings": [{"name": "limit", "label": "个数", "help_text": _LIMIT, **_NUMBER}],
        },
    }


def manifest_10(base: str) -> dict[str, object]:
    """The manifest of version 1.0-draft."""
    return {
        **_common(base),
        "versions": ["1.0-draft"],
        "lang": "zh-Hans",
        "dir": "ltr",
        "view": {"url": f"{base}/entity/{{id}}"},
        "preview": {"width": WIDTH, "height": HEIGHT},
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [{"id": "limit", "name": "个数", "helpText": _LIMIT, **_NUMBER}],
        },
        "standardizedScore": True,
    }


def _common(base: str) -> dict[str, object]:
    return {
        "name": NAME,
        "defaultTypes": TYPES,
        "documentation": f"{base}/about",
        "serviceVersion": version("xincha"),
        "batchSize": BATCH_SIZE,
    }


def preview(entity: Entity, base: str) -> str:
    """A small page about an entity, for a frame of `WIDTH` × `HEIGHT`; `base`: public address, or empty."""
    link = f"{base}/entity/{quote(str(entity['entity_id']), safe='')}"
    more = f'<p><a href="{escape(link)}" target="_blank" rel="noopener">查看登记与公示记录</a></p>'
    return page(str(entity["name"]), fragment(entity) + more)


def page(title: str, body: str) -> str:
    """A whole document; `title` is text, `body` HTML."""
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return f'<!DOCTYPE html><html lang="zh-Hans"><head>{head}</head><body><h1>{escape(title)}</h1>{body}</body></html>'


def fragment(entity: Entity) -> str:
    """The facts of an entity in HTML, without its name."""
    said = entity["summary"]
    rows = ((head, entity.get(key)) for key, head in _ROWS.items())
    cells = "".join(f"<dt>{head}</dt><dd>{escape(str(value))}</dd>" for head, value in rows if value)
    return f"<p>{escape(said)}</p><dl>{cells}</dl>" if said else f"<dl>{cells}</dl>"


def flyout(told: Mapping[str, object]) -> str:
    """A property or type in HTML."""
    description = told.get("description")
    return f"<p>{escape(str(told['name']))}</p>" + (f"<p>{escape(str(description))}</p>" if description else "")
