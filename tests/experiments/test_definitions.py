"""The experiments that are there: they load, are valid in every profile, and judge."""

from pathlib import Path

import pytest

from study.lab import fingerprint, plan, registry
from study.lab.experiment import PROFILES, Experiment

FOLDER = Path(__file__).parents[2] / "experiments"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem[0] != "_")
every = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def entries():
    return registry.load_all(FOLDER)


def test_every_file_is_a_finding_and_no_claim_is_judged_twice(entries):
    assert list(entries) == NAMES
    assert len(NAMES) >= 3


@every
def test_every_profile_is_valid(entries, name):
    for profile in PROFILES:
        assert entries[name].definition.at(profile).title


@every
def test_every_claim_is_in_the_ledger(entries, name):
    known = registry.ledger(FOLDER)
    claims = entries[name].definition.claims
    assert claims, "a finding judges at least one claim"
    assert [each.id for each in claims if each.id not in known] == []


@every
def test_the_docstring_is_one_sentence(entries, name):
    docstring = entries[name].docstring
    assert docstring.endswith(".")
    assert len(docstring) <= 160


@every
def test_every_cell_builds_and_every_part_has_a_fingerprint(entries, name):
    definition = entries[name].definition
    assert all(len(each) == 12 for each in fingerprint.parts(definition).values())
    if isinstance(definition, Experiment):
        for cell in plan.cells({**definition.vary, **definition.tune}):
            model, _ = plan.build(definition, cell)
            assert model.count_params() > 0


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
    entries, network, weights
):
    definition = entries["xor_depth_against_width"].definition
    model, _ = plan.build(definition, {"network": network, "initializer": "zeros"})
    assert model.count_params() == weights


def test_xor_networks_are_what_their_names_say(entries):
    definition = entries["xor_depth_against_width"].definition
    for name, (hidden, _) in definition.vary["network"].items():
        stem = name.removesuffix(" ReLU").replace("[5]x9", "-".join("5" * 9))
        assert stem == "-".join(map(str, (2, *hidden, 1)))
