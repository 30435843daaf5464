"""README and CONTRIBUTING are tested: their code runs, targets and files exist."""

import re
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from processes import python

from study.lab import run
from study.lab.declare import registry
from study.lab.rules import verdicts
from study.lab.show import catalog

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LONGEST = 8_000  # bytes of the README


def code(text):
    """Return the Python in a document, block by block."""
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


# Whoever adds a block to either document has to run it here.
TRAINING, LOADING = code(README)
FINDING, CONTROLLED = code(CONTRIBUTING)


def test_the_readme_is_read_in_a_few_minutes():
    assert len(README.encode()) <= LONGEST


@pytest.mark.slow
def test_the_component_example_trains_and_is_loaded_and_exported_elsewhere(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(TRAINING, "README.md", "exec"), names)
    model, x = names["model"], names["x"]
    layers = [type(each) for each in model.layers]
    used = [*layers, type(model.optimizer), type(model.layers[0].kernel_initializer)]
    assert sum(each.__module__.startswith("study.") for each in used) == 4
    assert model.evaluate(x, x[:, :10].argmax(axis=1), verbose=0) < np.log(10)

    ran = python("-c", LOADING)
    assert ran.returncode == 0, ran.stderr[-3000:]
    x = tf.constant(x, "float32")
    served = tf.saved_model.load("served")
    np.testing.assert_allclose(
        served.serve(x), model(x, training=False), rtol=1e-4, atol=1e-6
    )


def test_the_network_that_is_exported_exists():
    command = r"-m study export (\S+) --model \S+\.keras --arm (\S+)=(\S+)"
    ((name, swept, label),) = re.findall(command, README)
    found = catalog.findings(ROOT / "experiments", ROOT / "reports")
    (name,) = catalog.find(found, [name])
    definition = registry.load(ROOT / "experiments" / f"{name}.py").definition
    assert label in definition.vary[swept]


def test_the_finding_example_is_a_definition_that_trains(tmp_path):
    path = tmp_path / "xor_hidden_layer.py"
    path.write_text(FINDING, encoding="utf-8")
    experiment = registry.load(path).definition
    table = run(experiment, "standard", say=lambda _: None)
    solved = table.groupby("hidden")["solved"].mean()
    assert solved["none"] == 0 < solved["eight"]


def test_the_rule_example_is_a_rule_with_a_control():
    names = {**vars(verdicts), "arm": lambda rate: {"rate": rate}}
    exec(compile(CONTROLLED, "CONTRIBUTING.md", "exec"), names)
    assert isinstance(names["verdict"], verdicts.Controlled)
    assert names["verdict"].measures() == {"test_error", "rise"}


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_make_target_and_linked_file_exists(text):
    targets = re.findall(r"(?:`|^)make ([a-z-]+)", text, flags=re.MULTILINE)
    assert targets
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in targets:
        rule = rf"^(?:[a-z-]+ )*{target}(?: [a-z-]+)*:"
        assert re.search(rule, makefile, flags=re.MULTILINE), target
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (ROOT / link).exists(), link
