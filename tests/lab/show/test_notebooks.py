"""A notebook is made of a definition and its box, and of nothing that was run."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from study.lab.declare.registry import Finding
from study.lab.declare.teach import TEXTS, Box
from study.lab.show.notebooks import excerpt, render_notebooks

BOX = Box(
    **dict.fromkeys(TEXTS, "So?") | {"question": "Which <b>?", "answer": "By {deep}."},
    claims={"t-02": "holds"},
    options={"a": "Less", "b": "More"},
    correct="a",
    notebook={"figure": "rates-solved", "measure": "solved", "by": ["depth"]},
)
SOURCE = '''"""Depth beats width."""

import keras

UNITS, OTHER = 8, 9
DEPTHS = (1, 2)  # layers


def layers(depth):
    return [UNITS] * depth


def model(depth):
    return layers(depth)


def untold():
    return OTHER


EXPERIMENT = Experiment(
    title="Depth",
    model=model,
    vary={"depth": DEPTHS},
    figures=untold(),
)
'''


@pytest.fixture
def finding(page, tmp_path):
    path = tmp_path / "depth.py"
    path.write_text(SOURCE)
    return Finding("depth", path, page.docstring, page.definition, box=BOX)


def cells(finding, ledger, kind):
    (content,) = render_notebooks([finding], ledger).values()
    found = json.loads(content)["cells"]
    return ["".join(each["source"]) for each in found if each["cell_type"] == kind]


def test_a_finding_has_a_notebook_where_its_box_asks_for_one(finding, ledger):
    assert [*render_notebooks([finding], ledger)] == ["notebooks/depth.ipynb"]
    for box in (None, replace(BOX, notebook={})):
        assert render_notebooks([replace(finding, box=box)], ledger) == {}


def test_it_tells_the_claim_the_vote_and_the_exercise_and_no_answer(finding, ledger):
    told = "\n".join(cells(finding, ledger, "markdown"))
    for part in (
        "Deep nets err less.",
        "Which &lt;b&gt;?",
        "- **b** More",
        "(../depth/",
    ):
        assert part in told
    assert "{deep}" not in told
    assert told.index("## Vote") < told.index("```python") < told.index("## Exercise")


def test_its_code_can_be_compiled_and_names_no_place(finding, ledger):
    code = cells(finding, ledger, "code")
    for each in code:
        compile(each, "cell", "exec")
    (content,) = render_notebooks([finding], ledger).values()
    assert str(Path(finding.path).parent) not in content.decode()
    assert 'run(EXPERIMENT, profile="smoke")' in "\n".join(code)


def test_it_has_no_outputs_and_is_the_same_each_time(finding, ledger):
    first, second = (render_notebooks([finding], ledger) for _ in range(2))
    assert first == second
    (content,) = first.values()
    for each in json.loads(content)["cells"]:
        assert not each.get("outputs")


def test_of_a_definition_it_shows_what_is_run_and_what_that_reaches():
    shown = excerpt(SOURCE)
    for part in ("UNITS, OTHER = 8, 9", "DEPTHS = (1, 2)", "def layers", "def model"):
        assert part in shown
    assert "untold" not in shown
    assert "title" not in shown
    assert shown.index("DEPTHS") < shown.index("def layers") < shown.index("EXPERIMENT")
