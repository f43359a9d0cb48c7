"""The JSON Schema of `config.json`, for editors; `config.schema.json` is its committed copy."""

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from bot.config.models import Config
from bot.config.validate import NAME

VARIABLE = r"^\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}$"


class _Schema(GenerateJsonSchema):
    """Where no free text stands, a variable may."""

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        return _or_variable(super().int_schema(schema))

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        return _or_variable(super().float_schema(schema))

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        return _or_variable(super().bool_schema(schema))

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        return _or_variable(super().literal_schema(schema))

    def field_title_should_be_set(self, schema: object) -> bool:
        """No titles: they would only repeat the keys."""
        del schema
        return False


def schema() -> dict[str, Any]:
    """The schema as plain values."""
    found = Config.model_json_schema(by_alias=True, schema_generator=_Schema)
    del found["$defs"]["ConnectionProfile"]["properties"][NAME]
    return {"$schema": GenerateJsonSchema.schema_dialect, **found}


def schema_text() -> str:
    """The schema as the committed file holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _or_variable(found: JsonSchemaValue) -> JsonSchemaValue:
    return {"anyOf": [found, {"type": "string", "pattern": VARIABLE}]}
