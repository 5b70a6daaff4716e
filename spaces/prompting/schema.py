"""JSON held to a schema: is the schema one, and does an answer fit it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.errors import HubError

MAX_SCHEMA = 20_000
"""Characters."""

DEFAULT_SCHEMA = """{
  "type": "object",
  "properties": {
    "country": {"type": "string"},
    "capital": {"type": "string"}
  },
  "required": ["country", "capital"],
  "additionalProperties": false
}"""


@dataclass(frozen=True)
class Verdict:
    """Whether an answer fits; if not, the text key and values of the reason."""

    valid: bool
    reason: str = ""
    values: tuple[tuple[str, Any], ...] = ()


def read_schema(text: str) -> dict[str, Any]:
    """The schema written in `text`. Raises HubError with the reason when it is no JSON or no schema."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    if len(text) > MAX_SCHEMA:
        raise HubError("prompting.schema_too_long", limit=f"{MAX_SCHEMA:,}")
    try:
        schema = json.loads(text)
    except json.JSONDecodeError as error:
        raise HubError("prompting.schema_not_json", line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise HubError("prompting.schema_too_deep") from error
    if not isinstance(schema, dict):
        raise HubError("prompting.schema_not_object")
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        where = "/".join(str(part) for part in error.absolute_path) or "#"
        raise HubError("prompting.schema_invalid", where=where, reason=_short(error.message)) from error
    except RecursionError as error:
        raise HubError("prompting.schema_too_deep") from error
    return schema


def check_answer(answer: str, schema: dict[str, Any], finished: bool) -> Verdict:
    """Does `answer` fit `schema`? `finished` is False when the answer was cut at its length limit."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError, ValidationError
    from jsonschema.validators import extend
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    try:
        value = json.loads(answer)
    except json.JSONDecodeError as error:
        if not finished:
            return Verdict(False, "json_cut")
        return Verdict(False, "json_broken", (("line", error.lineno), ("column", error.colno)))
    except RecursionError:
        return Verdict(False, "json_cut")
    try:
        # an empty registry: jsonschema would otherwise fetch a `$ref` from whatever address the visitor wrote
        extend(Draft202012Validator, {"pattern": _pattern})(schema, registry=Registry()).validate(value)
    except ValidationError as error:
        where = "/".join(str(part) for part in error.absolute_path) or "#"
        return Verdict(False, "json_misfit", (("where", where), ("reason", _short(error.message))))
    except (SchemaError, Unresolvable, RecursionError) as error:
        return Verdict(False, "json_misfit", (("where", "$ref"), ("reason", _short(str(error)))))
    return Verdict(True)


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[Any]:
    """The keyword `pattern` with a time limit: the re module would hold up the whole process on `^(a+)+$`."""
    import regex
    from jsonschema.exceptions import ValidationError

    if not isinstance(instance, str):
        return
    try:
        found = regex.search(pattern, instance, timeout=0.5)
    except (regex.error, TimeoutError):
        yield ValidationError(f"the pattern {pattern!r} could not be tried")
        return
    if not found:
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def describe(schema: dict[str, Any]) -> str:
    """The schema's keys asked for in words, for a model that nothing holds to it."""
    keys = ", ".join(f'"{key}"' for key in schema.get("properties", {}))
    return f"Answer in JSON with the keys {keys}." if keys else "Answer in JSON."


def _short(message: str) -> str:
    return message if len(message) <= 160 else message[:159] + "…"
