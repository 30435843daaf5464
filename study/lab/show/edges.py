"""Tell which best values of a page lie at the edge of their grids."""

from study.lab.declare import bounds
from study.lab.declare.simulation import Simulation
from study.lab.rules.arms import name
from study.lab.rules.edges import in_tables, read_by


def found(definition, recorded, tables) -> list:
    """List the cells whose best value lies at an edge of its grid that is no bound.

    Args:
        definition: The definition.
        recorded: The cells of an experiment that were found at an edge.
        tables: Its tables, where a simulation tells it in a column.
    """
    if not isinstance(definition, Simulation):
        return bounds.left_open(definition, recorded)
    every = [x for each in definition.claims for x in in_tables(each.verdict, tables)]
    return [each for i, each in enumerate(every) if each not in every[:i]]


def read(page) -> list[tuple[str, str]]:
    """Tell each of these cells and the claims that read it; none of a draft's.

    A draft judges nothing, and its grids are short.
    """
    claims = page.definition.claims if page.profile.judged else ()
    return [
        (name(edge), ", ".join(ids))
        for edge in page.edges
        if (ids := [x.id for x in claims if read_by(x.verdict, [edge])])
    ]


def tuned(page, which: str):
    """Yield (what, how) of the cells at an edge of the grid of one tuned name."""
    if left := [each for each in page.edges if which in each]:
        cells = "; ".join(map(name, left))
        yield (
            f"at the edge of the grid: `{which}`",
            f"{cells}. A better value may lie outside",
        )
    for bound in page.definition.bounds:
        recorded = page.provenance.get("edges", ())
        if there := [x for x in recorded if which in x and bound.covers(x)]:
            yield (
                f"at a bound: `{which}`",
                f"{'; '.join(map(name, there))}: {bound.because}",
            )
