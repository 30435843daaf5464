"""Declare a finding that checks statements exactly in every seed."""

import functools
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from study.lab.declare.definition import Claim
from study.lab.declare.measures import Column
from study.lab.declare.simulation import Simulation
from study.lab.declare.takeaway import Takeaway
from study.lab.errors import DefinitionError
from study.lab.figures import Deviations, Table
from study.lab.rules.statements import checked
from study.lab.rules.verdicts import Exact, Readings

LARGEST = "The largest deviation of each statement over the seeds"


def Facts(
    *,
    title: str,
    statements: Callable[..., Iterable[tuple]],
    claims: Iterable[str | Claim],
    tolerance: float,
    figure: str,
    table: str = LARGEST,
    replicates: int = 10,
    smoke: int = 2,
    about: tuple = (),
    differences: Mapping[str, tuple[str, str]] = MappingProxyType({}),
    takeaway: Takeaway | None = None,
) -> Simulation:
    """Return the Simulation of a finding that checks statements in every seed.

    Its table "seed" has a row for each statement in each seed, by which claims are
    judged, and "largest" has the largest deviation of each, which the page shows.

    Args:
        title: The finding's name.
        statements: Function of (draws, replicate) that yields (claim, statement,
            deviation), or in a deviation's place what was found and what it should be,
            and draws by `draws(replicate, purpose)`. The claim is an id, or "beside"
            for what is no claim.
        claims: Ids of claims, exact where no deviation exceeds `tolerance`, or a Claim
            of its own in an id's place.
        tolerance: The largest deviation that rounding explains, at least 0.
        figure: The title of the figure of the largest deviations.
        table: The title of their table.
        replicates: Seeds. Defaults to 10.
        smoke: Seeds of a draft. Defaults to 2.
        about: Components under study.
        differences: What differs, with how it is in the source and how here.
        takeaway: What was found, in plain sentences, for each outcome.

    Raises:
        DefinitionError: `statements` is no function, or a claim is none.
    """
    if not callable(statements):
        raise DefinitionError(
            "statements: expected a function of (draws, replicate) that yields (claim, "
            f"statement, deviation). Received: statements={statements!r}"
        )
    return Simulation(
        title=title,
        about=about,
        claims=exact(claims, tolerance),
        run=functools.partial(_every_seed, statements),
        settings={"replicates": replicates},
        measures=(Column("deviation", "", "largest deviation"),),
        figures=(
            Deviations(
                table="largest",
                limit=tolerance,
                title=figure,
            ),
        ),
        tables=(largest(table),),
        differences=differences,
        takeaway=takeaway,
        smoke={"settings": {"replicates": smoke}},
    )


def exact(
    claims: Iterable[str | Claim], tolerance: float, table: str = "seed"
) -> tuple[Claim, ...]:
    """Return claims that are exact where no deviation of theirs exceeds a tolerance.

    Args:
        claims: Ids of claims, which the column `claim` names in the table, or a Claim
            with a rule of its own, which is returned as it is.
        tolerance: The largest deviation, at least 0.
        table: The table that has a row for each statement.
    """
    return tuple(
        each
        if isinstance(each, Claim)
        else Claim(
            each,
            verdict=Exact(
                measure="deviation",
                table=table,
                where={"claim": each},
                tolerance=tolerance,
            ),
        )
        for each in claims
    )


def fact(
    id: str,
    table: str,
    tolerance: float,
    measure: str = "deviation",
    condition: str = "",
    without: Mapping = MappingProxyType({}),
    **where,
) -> Claim:
    """Return a claim that is exact where no row of a table deviates by more.

    Args:
        id: The claim's id.
        table: The table's name.
        tolerance: The largest deviation, at least 0.
        measure: The column of deviations. Defaults to "deviation".
        condition, without: A condition that it lacks, as `Exact` has it.
        **where: Column to the value of the rows that count. Defaults to all rows.
    """
    rule = Exact(
        measure=measure,
        table=table,
        where=where,
        tolerance=tolerance,
        condition=condition,
        without=without,
    )
    return Claim(id, verdict=rule)


def conditional(
    id: str, table: str, tolerance: float, condition: str, **where
) -> Claim:
    """Return a claim that is exact as a `fact` is, under a condition that it lacks.

    Args:
        id, table, tolerance: As `fact` has them.
        condition: What it lacks, as `Exact` has it.
        **where: Column to the value of the rows that count; to two values where the
            condition makes the difference: of those with it and of those without.
    """
    met, lacking = (
        {
            name: value[side] if isinstance(value, tuple) else value
            for name, value in where.items()
        }
        for side in (0, 1)
    )
    return fact(id, table, tolerance, condition=condition, without=lacking, **met)


def readings(
    id: str,
    table: str,
    tolerance: float,
    column: str,
    names: Iterable[str] | Mapping[str, str],
    **where,
) -> Claim:
    """Return a claim of several readings, each exact as a `fact` is.

    Args:
        id, table, tolerance: As `fact` has them.
        column: What tells the rows of one reading from those of another.
        names: Each reading's value there, or a mapping to it from its name in words.
        **where: Column to the value of the rows that count in every reading.
    """
    names = names if isinstance(names, Mapping) else {each: each for each in names}
    found = {
        name: fact(id, table, tolerance, **where, **{column: value}).verdict
        for name, value in names.items()
    }
    return Claim(id, verdict=Readings(found))


def largest(title: str = LARGEST) -> Table:
    """Return the page's table of the largest deviation of each statement.

    Args:
        title: What it shows. Defaults to the largest over the seeds.
    """
    return Table(title, ("claim", "statement", "deviation"), table="largest")


def _every_seed(statements, draws, replicates):
    return checked(functools.partial(statements, draws), replicates)
