"""The components beside their Keras twins, a page of them and one of defaults."""

from collections.abc import Sequence

from study.lab.declare.parity import Row
from study.lab.show.markdown import template
from study.lab.show.protocol import components


def render_components(rows: Sequence[Row], pages: Sequence) -> dict[str, bytes]:
    """Render the page of the components.

    Args:
        rows: The components, from `study.lab.declare.parity`.
        pages: The pages there are; each names the components that it is about.
    """
    about = {}
    for page in pages:
        for name, file in components(page.definition):
            about.setdefault((name, file), []).append(page)
    table = []
    for row in rows:
        name = row.component.rpartition(".")[2]
        table.append((row, _difference(row), about.get((name, row.file), ())))
    count = sum(bool(row.component) for row in rows)
    text = template("components.md.j2").render(table=table, count=count)
    return {"components.md": text.encode()}


def render_defaults(rows: Sequence[Row]) -> dict[str, bytes]:
    """Render the page of the defaults that differ from Keras's."""
    table = [(row, *each) for row in rows for each in row.differing_defaults()]
    text = template("defaults.md.j2").render(table=table)
    return {"keras_defaults.md": text.encode()}


def _difference(row):
    """Say what is otherwise than in the nearest twin, and in the others."""
    parts = [row.difference] if row.difference else []
    told = {}
    for twin, argument, ours, theirs in row.differing_defaults():
        if argument in told:
            told[argument] += f" ({theirs} in `{twin}`)"
        else:
            told[argument] = f"`{argument}` {ours}, not {theirs}"
    parts += told.values()
    return "; ".join(parts) or ("as in Keras" if row.component and row.twins else "")
