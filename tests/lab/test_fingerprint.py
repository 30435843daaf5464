"""Fingerprints: words change nothing, code changes the parts it is named by."""

import importlib.util
import sys

import pytest
import tiny_study

from study.lab import registry
from study.lab.errors import DefinitionError
from study.lab.fingerprint import _plain, changes, digest, parts
from study.lab.measures import LossAt

COMPONENTS = '''
import keras


def scale(fan_in):
    """Say the scale."""
    return 1 / fan_in


class Draw(keras.initializers.RandomNormal):
    """Draw weights."""

    def __init__(self, factor=1.0, seed=None):
        self.factor = factor
        super().__init__(0.0, factor * scale(9), seed=seed)

    def get_config(self):
        return {"factor": self.factor, "seed": self._init_seed}


class Other(keras.initializers.Zeros):
    pass
'''
FILE = '''"""One sentence."""

from dataclasses import dataclass

import keras

from study.lab.data import digits
from study.lab.experiment import Claim, Experiment
from study.lab.figures import Strip
from study.lab.measures import FinalLoss, Measure, TestError
from study.lab.models import mlp
from study.lab.verdicts import Greater
from study.tiny_components import Draw, Other

RATE = 0.1


def width(units):
    """Say the width."""
    return 2 * units  # twice


def model(units, initializer):
    return mlp(64, (width(units),), 10, kernel_initializer=initializer)


def optimizer():
    return keras.optimizers.SGD(RATE)


def unused():
    return 1


@dataclass(frozen=True)
class Half(Measure):
    name, label = "half", "half the loss"

    def read(self, history):
        return history.loss[:, -1] / 2


def arm(units):
    return {"units": units, "initializer": "draw"}


EXPERIMENT = Experiment(
    title="Fingerprints",
    claims=(Claim("d1-01", Greater(measure="half", arm=arm(3), than=arm(5))),),
    data=digits(train=30, validation=20),
    model=model,
    optimizer=optimizer,
    batch_size=7,
    steps=50,
    vary={"units": (3, 5), "initializer": {"draw": Draw(1.0)}},
    replicates=4,
    extension=3,
    measures=(FinalLoss(), TestError(), Half()),
    figures=(Strip("half", by="units"),),
)
'''
HERE = "study_experiments.defined"


@pytest.fixture
def fingerprint(tmp_path):
    """Return a function from edits, (old, new) of either file, to the parts."""
    folders = iter(range(99))
    name = "study.tiny_components"

    def taken(*edits):
        texts = [COMPONENTS, FILE]
        for old, new in edits:
            assert sum(old in text for text in texts) == 1, old
            texts = [text.replace(old, new) for text in texts]
        folder = tmp_path / str(next(folders))
        components = tiny_study.write(folder, "tiny_components", texts[0])
        spec = importlib.util.spec_from_file_location(name, components)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
        path = tiny_study.write(folder, "defined", texts[1])
        return parts(registry.load(path).definition)

    yield taken
    sys.modules.pop(name)
    sys.modules.pop(HERE)


@pytest.mark.parametrize(
    "edit",
    [
        ('"""One sentence."""', '"""Another."""'),
        ('"""Say the width."""', '"""Tell it."""'),
        ('"""Say the scale."""\n', "\n"),
        ('"""Draw weights."""', '"""Draw\n    them."""'),
        ("# twice", "# doubled"),
        ("2 * units  #", "(2 * units)  #"),
        ('title="Fingerprints"', 'title="Prints"'),
        ('Claim("d1-01"', 'Claim("d1-02"'),
        ("than=arm(5)", "than=arm(5), delta=3"),
        ('figures=(Strip("half", by="units"),),', ""),
        ("    replicates=4,\n", "    replicates=400,\n"),
        ("extension=3", "extension=0"),
        (
            'get_config(self):\n        return {"f',
            'get_config(self):\n\n        return {"f',
        ),
        (
            "class Other(keras.initializers.Zeros)",
            "class Other(keras.initializers.Ones)",
        ),
        ("def unused():\n    return 1", "def unused():\n    return 2"),
        ("TestError\n", "TestError, TrainError\n"),
    ],
    ids=[
        "docstring of the file",
        "docstring of a helper",
        "no docstring of a component's helper",
        "docstring of a component",
        "comment",
        "brackets",
        "title",
        "claim",
        "rule",
        "figure",
        "replicates",
        "extension",
        "blank line",
        "another component of the same module",
        "a function that nothing uses",
        "an import that nothing uses",
    ],
)
def test_words_and_what_is_not_used_change_nothing(fingerprint, edit):
    assert changes(fingerprint(), fingerprint(edit)) == []


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (("mlp(64, (width", "mlp(8 * 8, (width"), [f"{HERE}.model"]),
        (("2 * units", "3 * units"), [f"{HERE}.width"]),
        (("RATE = 0.1", "RATE = 0.2"), [f"{HERE}.RATE"]),
        (("loss[:, -1] / 2", "loss[:, -1] / 3"), [f"{HERE}.Half"]),
        (("factor * scale(9)", "factor * scale(8)"), ["study.tiny_components.Draw"]),
        (("1 / fan_in", "2 / fan_in"), ["study.tiny_components.scale"]),
        (("Draw(1.0)", "Draw(1.5)"), ["vary"]),
        (('{"draw": Draw(1.0)}', '{"drawn": Draw(1.0), "draw": Draw()}'), ["vary"]),
        (("(3, 5)", "(3, 5, 7)"), ["vary"]),
        (("(3, 5)", "(5, 3)"), ["vary"]),
        (("steps=50", "steps=60"), ["steps"]),
        (("train=30", "train=31"), ["data"]),
        (("validation=20", "validation=21"), ["data"]),
        (("batch_size=7", "batch_size=None"), ["batch_size"]),
        (("steps=50", "steps=50, replacement=True"), ["replacement"]),
        (("steps=50", "steps=50, evaluations=5"), ["evaluations"]),
        (("steps=50", "steps=50, first_replicate=5"), ["first_replicate"]),
        (("FinalLoss(), ", ""), ["measures", "study.lab.measures.FinalLoss"]),
        (("optimizer=optimizer", "optimizer=unused"), None),
    ],
    ids=str,
)
def test_what_results_depend_on_changes_exactly_the_parts_it_is_named_by(
    fingerprint, edit, named
):
    found = changes(fingerprint(), fingerprint(edit))
    if named is None:  # the function, what it uses and what the old one used
        named = ["optimizer", f"{HERE}.RATE", f"{HERE}.optimizer", f"{HERE}.unused"]
    assert sorted(found) == sorted(named)


def test_another_component_in_its_place_is_named(fingerprint):
    found = changes(fingerprint(), fingerprint(("Draw(1.0)", "Other()")))
    assert set(found) == {
        "vary",
        "study.tiny_components.Draw",
        "study.tiny_components.Other",
        "study.tiny_components.scale",
    }


def test_the_parts_are_the_fields_the_code_the_checksums_and_the_engine(fingerprint):
    found = fingerprint()
    fields = {each for each in found if "." not in each}
    assert {"data", "model", "steps", "vary", "checksums", "engine"} <= fields
    assert not {"title", "claims", "figures", "replicates", "extension"} & fields
    code = {each for each in found if "." in each}
    assert {f"{HERE}.model", f"{HERE}.width", "study.lab.models.mlp"} <= code
    assert {"study.lab.models._own", "study.lab.data._digits"} <= code
    assert not {each for each in code if "keras.src" in each or "verdicts" in each}


def test_the_same_definition_has_the_same_fingerprint(fingerprint):
    assert fingerprint() == fingerprint()


@pytest.mark.parametrize(
    ("edit", "received"),
    [
        (("optimizer=optimizer", "optimizer=lambda: optimizer()"), "<lambda>"),
        (("model=model", "model=(lambda m: lambda units, initializer: m)(model)"), "<"),
        (("Draw(1.0)", "iter(())"), "tuple_iterator"),
    ],
    ids=["lambda", "inner function", "no config"],
)
def test_what_could_change_unseen_is_refused(fingerprint, edit, received):
    with pytest.raises(
        DefinitionError, match=rf"^fingerprint: .*Received: .*{received}"
    ):
        fingerprint(edit)


def test_a_simulation_s_parts_are_its_run_and_settings(tmp_path):
    text = '''"""Facts."""
from study.lab.experiment import Simulation
from study.lab.measures import Column

def size(count):
    return count

def run(count=1):
    return size(count)

EXPERIMENT = Simulation(
    title="facts", claims=(), run=run, settings={"count": 2}, measures=(Column("a"),)
)
'''

    def taken(folder, old="", new=""):
        path = tiny_study.write(tmp_path / folder, "facts", text.replace(old, new))
        return parts(registry.load(path).definition)

    before = taken("before")
    here = "study_experiments.facts"
    assert set(before) == {"run", "settings", "engine", f"{here}.run", f"{here}.size"}
    settings = taken("settings", '"count": 2', '"count": 3')
    assert changes(before, settings) == ["settings"]
    helper = taken("helper", "return count", "return -count")
    assert changes(before, helper) == [f"{here}.size"]
    column = taken("column", 'Column("a")', 'Column("b")')
    assert changes(before, column) == []


def test_changes_name_what_differs_came_and_went():
    before, now = {"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "d": "1"}
    assert changes(before, now) == ["b", "c", "d"]


def test_a_digest_does_not_depend_on_the_order_of_keys_but_on_that_of_lists():
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1})
    assert digest({"b": [1, 2]}) != digest({"b": [2, 1]})
    assert digest("σ") != digest("s")


def test_the_words_and_the_checks_of_a_measure_are_left_out():
    code = {}
    _plain(LossAt(3, window=2), code)
    text = "".join(code.values())
    assert "history.loss" in text
    assert "mean training loss" not in text
    assert "Received" not in text
