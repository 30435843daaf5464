"""The README is tested: its code runs, its targets and files exist."""

import re
from pathlib import Path

import pytest

from study.lab import plan, registry
from study.lab.engine.loop import Engine

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


def test_the_component_example_runs_and_its_model_is_restored(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(BLOCKS[0], "README.md", "exec"), names)
    assert names["restored"].count_params() == names["model"].count_params()


def test_the_finding_example_is_a_definition_that_trains(tmp_path):
    path = tmp_path / "xor_hidden_layer.py"
    path.write_text(BLOCKS[1], encoding="utf-8")
    experiment = registry.load(path).definition
    cells = plan.cells(experiment.vary)
    solved = {}
    for program in plan.programs(experiment, "draft", cells, range(50)):
        result = Engine(experiment).run(program, lambda *_: None)
        solved[program.cells[0]["hidden"]] = result.measures["solved"].mean()
    assert solved["none"] == 0 < solved["eight"]


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_and_linked_file_exists(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    targets = re.findall(r"(?:`|^)make ([a-z-]+)", text, flags=re.MULTILINE)
    assert targets
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in targets:
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (ROOT / link).exists(), link
