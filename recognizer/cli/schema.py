"""``recognizer schema``: the JSON Schema of every record."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("name", required=False)
def schema(name: str | None) -> None:
    """Print the JSON Schema of the records, or of the one NAMEd (scan, strike, error)."""
    from recognizer.errors import UsageError
    from recognizer.reports.schema import json_schemas

    schemas = json_schemas()
    if name is not None and name not in schemas:
        raise UsageError(
            "no-schema", f"There is no record {name!r}.", f"Ask for one of {', '.join(schemas)}."
        )
    click.echo(json.dumps(schemas[name] if name else schemas, indent=1, ensure_ascii=False))
