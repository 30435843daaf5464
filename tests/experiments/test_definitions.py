"""The experiments that are there: they load, are valid in every profile, and judge."""

from pathlib import Path

import pytest

from study.lab.declare import parity, registry
from study.lab.declare.experiment import Experiment
from study.lab.declare.identity import Identity
from study.lab.declare.profiles import PROFILES
from study.lab.train import plan, provenance

FOLDER = Path(__file__).parents[2] / "experiments"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem[0] != "_")
every = pytest.mark.parametrize("name", NAMES)
SOME = 10  # labels of a long sweep, which differ in numbers alone

# An effect that no lecture claims.
UNJUDGED = {
    "batch_normalization_batch_size",
    "dropout_best_results",
    "dropout_cost_of_a_step",
    "optimizers_tuned_on_mnist",
    "schedules_on_mnist",
}
# About theory, history, or Keras's own layers alone.
WITHOUT_COMPONENTS = {
    "activations_cost",
    "activations_sparse_products",
    "backprop_worked_example",
    "batch_size_gradient_variance",
    "batch_size_seconds_to_95",
    "citations",
    "global_pooling_head",
    "initialization_at_zero",
    "output_heads",
    "overfitting_on_few_images",
    "overfitting_polynomial_ridge",
    "random_search_draws",
    "universal_approximation_width_depth",
    "xor_depth_against_width",
}
# What hands examples to `fit`, which no finding is about: the engine draws its orders.
WITHOUT_FINDINGS = {"Reshuffled"}


def test_every_file_is_a_finding_and_no_claim_is_judged_twice(findings):
    assert list(findings) == NAMES
    assert len(NAMES) >= 3


@every
def test_every_profile_is_valid(findings, name):
    for profile in PROFILES:
        assert findings[name].definition.at(profile).title


@every
def test_every_claim_is_in_the_ledger(findings, name):
    known = registry.ledger(FOLDER)
    claims = findings[name].definition.claims
    assert claims or name in UNJUDGED, "a finding judges at least one claim"
    assert [each.id for each in claims if each.id not in known] == []


def test_every_component_is_studied_and_every_finding_names_its_components(findings):
    about = {
        name: {each.__name__ for each in getattr(finding.definition, "about", ())}
        for name, finding in findings.items()
    }
    assert {name for name, found in about.items() if not found} == WITHOUT_COMPONENTS
    components = {
        row.component.rpartition(".")[2] for row in parity.ROWS if row.component
    }
    assert components - set().union(*about.values()) == WITHOUT_FINDINGS


@every
def test_the_docstring_is_one_sentence(findings, name):
    docstring = findings[name].docstring
    assert docstring.endswith(".")
    assert len(docstring) <= 160


@pytest.mark.parametrize(
    "name",
    [
        name if i % 3 == 0 else pytest.param(name, marks=pytest.mark.slow)
        for i, name in enumerate(NAMES)
    ],
)
def test_every_cell_builds_and_all_that_makes_it_is_known(findings, name):
    definition = findings[name].definition
    made_of = provenance.made_of(definition, PROFILES["standard"])
    assert all(len(each) == 12 for each in made_of["parts"].values())
    if isinstance(definition, Experiment):
        assert_cells_build(definition, SOME)


@pytest.mark.slow
def test_every_cell_of_a_long_sweep_builds(findings):
    definitions = [each.definition for each in findings.values()]
    long = [
        each
        for each in definitions
        if isinstance(each, Experiment)
        and any(len(labels) > SOME for labels in swept(each).values())
    ]
    assert long
    for each in long:
        assert_cells_build(each, None)


def swept(definition):
    return {**definition.vary, **definition.tune}


def assert_cells_build(definition, most):
    """Build a cell of each of the first labels of a sweep."""
    first = {name: next(iter(labels)) for name, labels in swept(definition).items()}
    cells = [
        first | {name: label}
        for name, labels in swept(definition).items()
        for label in [*labels][:most]
    ]
    # Networks made of the same values are built once.
    runs = [(cell, 0) for cell in cells]
    programs = plan.programs(definition, "judge", runs)
    planned = [cell for program in programs for cell in program.cells]
    assert all(cell in planned for cell in cells)
    # No two cells are taken for one another.
    distinct = [each for i, each in enumerate(cells) if each not in cells[:i]]
    identity = Identity(definition)
    found = [identity.cell("judge", each) for each in distinct]
    assert len({*found}) == len(found)


@pytest.mark.parametrize(
    ("network", "weights"),
    [
        ("2-5-4-1", 44),
        ("2-11-1", 45),
        ("2-10-10-10-1", 261),
        ("2-65-1", 261),
        ("2-[5]x9-1", 261),
        ("2-[5]x9-1 ReLU", 261),
    ],
)
def test_an_xor_network_has_the_weights_that_its_comment_says(
    findings, network, weights
):
    definition = findings["xor_depth_against_width"].definition
    model, _ = plan.build(definition, {"network": network, "initializer": "zeros"})
    assert model.count_params() == weights


def test_xor_networks_are_what_their_names_say(findings):
    definition = findings["xor_depth_against_width"].definition
    for name, (hidden, _) in definition.vary["network"].items():
        stem = name.removesuffix(" ReLU").replace("[5]x9", "-".join("5" * 9))
        assert stem == "-".join(map(str, (2, *hidden, 1)))
