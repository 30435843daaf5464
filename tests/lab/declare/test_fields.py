"""Fields that know themselves: a new one is checked, identified and told by itself."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import keras
import pytest

from study.lab.declare import fields
from study.lab.declare.definition import Claim
from study.lab.declare.experiment import SETTINGS, Experiment
from study.lab.declare.fields import holds
from study.lab.declare.identity import Identity
from study.lab.declare.models import mlp
from study.lab.declare.simulation import Simulation
from study.lab.errors import DefinitionError
from study.lab.show.protocol import protocol


@dataclass(frozen=True, kw_only=True)
class Warmed(Experiment):
    """An experiment with two fields more."""

    warmth: int = holds(
        fields.natural,
        "0 or a positive integer",
        default=0,
        shared=lambda value: {"warmth": value} if value else {},
        told=lambda definition: [("warmth", f"{definition.warmth} degrees")],
    )
    heated: Callable | None = holds(
        fields.or_none(fields.function), "a function", default=None, called=True
    )


def model(depth, start):
    return mlp(4, (3,) * depth, 2)


def optimizer():
    return keras.optimizers.SGD(0.1)


@pytest.fixture
def plain(declare):
    """An experiment whose code stands in a file that no other is named like."""
    return declare.experiment(model=model, optimizer=optimizer)


@pytest.fixture
def warmed(plain):
    names = [each.name for each in dataclasses.fields(plain)]
    declared = {name: getattr(plain, name) for name in names}
    return lambda **more: Warmed(**declared | more)


def test_a_new_field_is_checked(warmed):
    with pytest.raises(DefinitionError, match=r"^warmth: expected 0 or .*warmth=-1$"):
        warmed(warmth=-1)


def test_a_new_field_makes_other_runs_only_where_it_is_used(plain, warmed):
    cold, warm = warmed(), warmed(warmth=3)
    assert Identity(cold).digest == Identity(plain).digest
    assert Identity(warm).digest != Identity(plain).digest


def test_a_new_field_is_told_on_the_page(page, warmed):
    told = protocol(dataclasses.replace(page, definition=warmed(warmth=3))).facts
    assert ("warmth", "3 degrees") in told


def test_what_a_new_function_takes_is_swept_and_part_of_a_run(plain, warmed):
    bare = {"vary": {**plain.vary, "heat": (1, 2)}, "claims": (), "anchors": ()}
    swept = warmed(heated=lambda heat: heat, **bare)
    cell = {name: next(iter(values)) for name, values in plain.vary.items()}
    cold, hot = (Identity(swept).cell("judge", cell | {"heat": x}) for x in (1, 2))
    assert cold != hot
    with pytest.raises(DefinitionError, match="'heat'"):
        warmed(**bare)


@pytest.mark.parametrize("kind", [Claim, Experiment, Simulation])
def test_every_field_of_a_declaration_says_what_it_holds(kind):
    names = {each.name for each in dataclasses.fields(kind)}
    assert names == {*fields.kinds(kind)}


def test_what_may_be_swept_is_read_off_the_fields():
    assert {*SETTINGS} == {"train", "batch_size", "patience", "augmentation"}
