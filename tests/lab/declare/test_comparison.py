"""Definitions that are written for a claim: whatever is asked, they are sound."""

import ast
import subprocess
import sys
from dataclasses import replace

import pytest

from study.lab.declare import registry
from study.lab.declare.comparison import DIRECTIONS, MEASURES, SWEEPS, Comparison, write
from study.lab.declare.profiles import PROFILES
from study.lab.train import plan

# Of each sweep two values, at the ends of what is taken where there are such.
VALUES = {
    "activation": ("relu", "hard_sigmoid"),
    "initializer": ("he_normal", "glorot_uniform"),
    "optimizer": ("Adam", "SGD"),
    "dropout": ("0.99", "0"),
    "batch_normalization": ("yes", "no"),
    "weight_decay": ("1e-4", "0"),
    "units": ("4096", "1"),
    "layers": ("10", "0"),
    "learning_rate": ("10", "1e-6"),
    "batch_size": ("1000", "1"),
    "train": ("59000", "100"),
}
CLAIM = (
    'A "claim" with \\ in it, longer than a line of a file may be, which ends so: "b"'
)
FIRST = Comparison(
    title="A title",
    id="own-1",
    claim=CLAIM,
    sweep="activation",
    arm="relu",
    than="hard_sigmoid",
    says="lowers",
    measure="test_error",
)


def comparison(sweep):
    arm, than = VALUES[sweep]
    return replace(FIRST, sweep=sweep, arm=arm, than=than)


def loaded(folder, wanted):
    path = folder / "written.py"
    path.write_text(write(wanted), encoding="utf-8")
    return registry.load(path)


def test_values_are_tried_of_every_sweep():
    assert {*VALUES} == {*SWEEPS}


@pytest.mark.parametrize("sweep", VALUES)
def test_whatever_differs_there_are_two_networks_at_every_profile(tmp_path, sweep):
    finding = loaded(tmp_path, comparison(sweep))
    for profile in PROFILES:
        definition = finding.definition.at(profile)
        (labels,) = (list(each) for each in definition.vary.values())
        assert len(labels) == 2
        tuned = {name: [*each][:1] for name, each in definition.tune.items()}
        for cell in plan.cells({**definition.vary, **tuned}):
            plan.undrawn(definition, cell)
            plan.optimizer(definition, cell)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("says", DIRECTIONS)
def test_whatever_is_said_the_rule_judges_that_measure_of_those_arms(
    tmp_path, says, measure
):
    finding = loaded(tmp_path, replace(FIRST, says=says, measure=measure))
    (claim,) = finding.definition.claims
    assert type(claim.verdict).__name__ == DIRECTIONS[says].rule
    assert claim.verdict.measure == measure
    assert claim.verdict.arm == {"activation": "relu"}
    assert claim.verdict.than == {"activation": "hard_sigmoid"}
    assert {*finding.definition.takeaway.texts} == {"holds", "fails", "open"}


def test_the_claim_is_the_docstring_whatever_stands_in_it(tmp_path):
    assert loaded(tmp_path, FIRST).docstring == CLAIM


def test_what_is_written_has_the_style_of_the_project(tmp_path):
    for sweep in VALUES:
        for measure in MEASURES:
            text = write(replace(comparison(sweep), measure=measure))
            ast.parse(text)
            (tmp_path / f"{sweep}_{measure}.py").write_text(text, encoding="utf-8")
    for command in (["check"], ["format", "--check"]):
        options = ["--config", "pyproject.toml", str(tmp_path)]
        ran = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *options],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(
    ("sweep", "typed"),
    [
        ("activation", "relo"),
        ("activation", ""),
        ("initializer", "heh"),
        ("optimizer", "adam"),
        ("optimizer", "Optimizer"),
        ("optimizer", "get"),
        ("optimizer", "LossScaleOptimizer"),
        ("dropout", "1"),
        ("dropout", "nan"),
        ("batch_normalization", "maybe"),
        ("weight_decay", "-0.1"),
        ("weight_decay", "inf"),
        ("units", "0"),
        ("units", "1.5"),
        ("layers", "-1"),
        ("learning_rate", "0"),
        ("batch_size", "1001"),
        ("train", "59001"),
    ],
)
def test_values_that_are_none_are_refused(sweep, typed):
    with pytest.raises((ValueError, TypeError, AttributeError, KeyError)):
        SWEEPS[sweep].read(typed)
