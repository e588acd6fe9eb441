"""Options of a command from the fields of a question, and the question that they ask."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import Parameter
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar, get_args, get_origin

import typer

from xincha.errors import BadParameters
from xincha.search.questions import Parameters

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

Q = TypeVar("Q", bound=Parameters)
Texts = list[str] | None


def option(name: str, field: FieldInfo) -> Parameter:
    """An option for a field of a question."""
    values = _values(field.annotation)
    help_text = f"{field.description} ({', '.join(values)})" if values else field.description
    annotation = Annotated[Texts, typer.Option(help=help_text)]
    return Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _values(annotation: object) -> tuple[str, ...]:
    """The values that a type allows, if it names them."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next(filter(None, map(_values, get_args(annotation))), ())


def question_of(question: type[Q], given: Mapping[str, Texts]) -> Q:
    """The question that options ask; raises `BadParameters` naming the options."""
    try:
        return question.read((name, value) for name, values in given.items() for value in values or ())
    except BadParameters as error:
        wrong = [{**each, "name": f"--{each['name'].replace('_', '-')}"} for each in error.wrong]
        raise BadParameters(wrong) from error
