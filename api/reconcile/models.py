"""What `/reconcile` answers, for the OpenAPI document; tests hold the answers to the specification's own schemas."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field, RootModel


class _Named(BaseModel):
    """What is known by an identifier, and to people by a name."""

    id: str
    name: str


class ReconcileType(_Named):
    """A category of entities."""

    broader: list[dict[str, str]] = []


class ReconcileFeature(BaseModel):
    """One thing that speaks for or against a candidate. Version 0.2 has no `name`."""

    id: str
    name: str = ""
    value: bool | float


class ReconcileCandidate(_Named):
    """An entity that may be meant. `match`: it is, as far as the matcher is certain; `score`: 0 to 100."""

    description: str
    type: list[ReconcileType]
    score: float
    match: bool
    features: list[ReconcileFeature]


class ReconcileResult02(BaseModel):
    """The candidates of one query, best first; `error`: why this query cannot be answered."""

    result: list[ReconcileCandidate]
    error: str = ""


class ReconcileResult(BaseModel):
    """The candidates of one query, best first; `error`: why this query cannot be answered."""

    candidates: list[ReconcileCandidate]
    error: str = ""


class ReconcileResults(BaseModel):
    """One result for each query, in their order (1.0-draft)."""

    results: list[ReconcileResult]


class ReconcileProperty(_Named):
    """A fact of entities."""

    description: str = ""


class ReconcileExtended02(BaseModel):
    """Identifier → property → values (0.2)."""

    meta: list[ReconcileProperty]
    rows: dict[str, dict[str, list[dict[str, Any]]]]


class ReconcileValues(BaseModel):
    """The values of a property."""

    id: str
    values: list[dict[str, Any]]


class ReconcileRow(BaseModel):
    """The properties of an entity."""

    id: str
    properties: list[ReconcileValues]


class ReconcileExtended(BaseModel):
    """The values that were asked for (1.0-draft)."""

    meta: list[ReconcileProperty]
    rows: list[ReconcileRow]


class ReconcileManifest(BaseModel):
    """What the service offers; see the specification of its version."""

    versions: list[str]
    name: str
    view: dict[str, str]
    batchSize: int  # noqa: N815
    defaultTypes: list[ReconcileType]  # noqa: N815
    preview: dict[str, Any]
    suggest: dict[str, Any]
    extend: dict[str, Any]


class ReconcileAnswer02(RootModel[ReconcileExtended02 | ReconcileManifest | dict[str, ReconcileResult02]]):
    """Of `queries`: a result by the key of each query; of `extend`: values; of neither: the manifest."""


class ReconcileAnswer(RootModel[ReconcileResults | ReconcileExtended02 | dict[str, ReconcileResult02]]):
    """Of a form: what version 0.2 answers; of JSON: what 1.0-draft answers."""


class Suggested(BaseModel):
    """Entities, properties or types that fit what was typed."""

    result: list[ReconcileProperty | ReconcileType]


class ReconcileProposed(BaseModel):
    """Properties that may be fetched of entities of a type."""

    properties: list[ReconcileProperty]
    type: str = Field(default="", description="the type that was asked for")
    limit: int | None = None


class Flyout(BaseModel):
    """A few lines of HTML about an entity, a property or a type (0.2)."""

    id: str
    html: str
