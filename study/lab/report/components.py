"""The components beside their Keras twins, for the README and a page of defaults."""

from collections.abc import Sequence

from study.lab.parity import Row
from study.lab.report.conduct import components
from study.lab.report.markdown import template


def components_block(rows: Sequence[Row], pages: Sequence) -> str:
    """Return the table of components for the project's README.

    Args:
        rows: The components, from `study.lab.parity`.
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
    return template("components.md.j2").render(table=table, count=count)


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
