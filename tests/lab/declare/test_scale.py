"""Whether a claim is scaled down follows from two sizes."""

import pytest
from tiny_study import experiment

from study.lab.declare.definition import Claim
from study.lab.declare.measures import Column, TestError
from study.lab.declare.scale import Size, less, missing
from study.lab.declare.simulation import Simulation
from study.lab.errors import DefinitionError
from study.lab.rules.verdicts import Exact, Lowers

SLOW, FAST = {"learning_rate": "slow"}, {"learning_rate": "fast"}


def claim(**fields):
    rule = Lowers(measure="test_error", arm=SLOW, than=FAST)
    return Claim("d1-01", rule, **fields)


def defined(*claims, **fields):
    fields = {
        "claims": claims,
        "vary": {"learning_rate": {"slow": 0.01, "fast": 0.5}},
        "measures": (TestError(),),
    } | fields
    return experiment(**fields)


def test_less_of_anything_than_four_fifths_is_scaled_down():
    source = Size(examples=60_000, units=2_400, epochs=200)
    assert less(Size(examples=50_000, units=2_400, epochs=200), source) == ""
    assert less(Size(examples=48_000, units=9_999, epochs=500), source) == ""
    assert less(Size(examples=1_000, units=2_400, epochs=9.5), source) == (
        "1,000 of 60,000 examples, 9.5 of 200 epochs"
    )


def test_what_a_source_does_not_say_is_not_compared_and_what_it_says_must_be_known():
    assert less(Size(examples=5, units=1), Size(examples=5)) == ""
    assert missing(Size(examples=5), Size(examples=5, units=9)) == ["units"]
    assert missing(None, Size(examples=5)) == ["examples"]


def test_examples_steps_epochs_and_replicates_follow_from_the_definition():
    found = defined(claim()).size_of(claim())
    whole = defined(claim())
    assert found == Size(
        examples=whole.data.train,
        steps=whole.budget(SLOW),
        epochs=whole.budget(SLOW)
        * (whole.batch_size or whole.data.train)
        / whole.data.train,
        replicates=whole.replicates,
    )


def test_of_a_swept_size_the_largest_arm_that_judges_counts():
    vary = {"learning_rate": {"slow": 0.01, "fast": 0.5}, "train": (50, 100, 200)}
    arms = [{**each, "train": n} for each, n in ((SLOW, 50), (FAST, 100))]
    rule = Lowers(measure="test_error", arm=arms[0], than=arms[1])
    both = Claim("d1-01", rule)
    assert defined(both, vary=vary).size_of(both).examples == 100


def test_a_claim_is_scaled_by_its_sizes_and_says_in_what():
    large = claim(source_size=Size(examples=10**6))
    small = claim(source_size=Size(examples=1))
    whole = defined(large)
    assert whole.scaled(large) == f"{whole.data.train:,} of 1,000,000 examples"
    assert defined(small).scaled(small) == ""


def test_a_profile_that_reaches_the_source_s_size_is_not_scaled_down():
    # of the tiny study's data there are so many
    source = claim(source_size=Size(replicates=50))
    whole = defined(source, paper={"replicates": 50})
    assert whole.scaled(source)
    assert whole.at("paper").scaled(source) == ""


def test_units_are_told_by_the_definition_and_nothing_else_is():
    deep = claim(source_size=Size(units=100))
    with pytest.raises(DefinitionError) as raised:
        defined(deep)
    assert str(raised.value) == (
        "size: expected the quantities that the source of d1-01 has. Received: no "
        "units; add size=Size(units=...)"
    )
    assert defined(deep, size=Size(units=10)).scaled(deep) == "10 of 100 units"
    with pytest.raises(DefinitionError, match="size: examples follows from the other"):
        defined(deep, size=Size(units=10, examples=5))


def test_a_simulation_tells_its_size_itself():
    fact = Exact(measure="gap", tolerance=0)
    mine = Claim("d1-01", fact, source_size=Size(examples=100))
    fields = {"title": "t", "run": lambda: None, "measures": (Column("gap"),)}
    small = Simulation(claims=(mine,), size=Size(examples=10), **fields)
    assert small.scaled(mine) == "10 of 100 examples"
    with pytest.raises(DefinitionError, match="Received: no examples"):
        Simulation(claims=(mine,), **fields)


def test_another_device_than_the_source_s_is_scaled_down_and_must_be_said():
    about = claim(source_size=Size(device="gpu"))
    assert defined(about, size=Size(device="gpu")).scaled(about) == ""
    assert defined(about, size=Size(device="cpu")).scaled(about) == (
        "a CPU in place of a GPU"
    )
    with pytest.raises(DefinitionError, match=r"no device; add size=Size\(device="):
        defined(about)
    with pytest.raises(DefinitionError, match="size: device: expected 'cpu' or 'gpu'"):
        Size(device="tpu")


@pytest.mark.parametrize("value", [0, -1, True, "many"])
def test_what_is_no_size_is_refused(value):
    with pytest.raises(DefinitionError, match="size: examples: expected a number > 0"):
        Size(examples=value)
    with pytest.raises(DefinitionError, match="expected one quantity at least"):
        Size()
