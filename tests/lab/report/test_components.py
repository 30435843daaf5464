"""The table of components and the page of defaults show what they are told."""

from dataclasses import replace

from study.initializers import He, Normal
from study.lab.parity import ROWS, Row
from study.lab.report.components import components_block, render_defaults


def line(text, start):
    (found,) = (each for each in text.splitlines() if each.startswith(start))
    return found


def test_a_row_shows_component_twin_difference_and_experiments(page, simulated):
    one = replace(page, definition=replace(page.definition, about=(He, Normal)))
    other = replace(simulated, definition=replace(simulated.definition, about=(He,)))
    block = components_block(ROWS, [one, other])
    assert line(block, "| He,") == (
        "| He, √(2 / fan_in) | [`initializers.He`](study/initializers.py) "
        "| `initializers.HeNormal` | Keras's is truncated at two standard deviations "
        f"| [Depth \\| width](reports/{page.name}/README.md), "
        f"[{simulated.definition.title}](reports/{simulated.name}/README.md) |"
    )
    assert f"reports/{page.name}/" in line(block, "| normal weights")
    assert f"reports/{simulated.name}/" not in line(block, "| normal weights")


def test_differing_defaults_stand_with_what_is_otherwise():
    block = components_block(ROWS, [])
    assert "`learning_rate` 0.01, not 0.001" in line(block, "| AdaGrad")
    assert line(block, "| leaky ReLU").endswith(
        "| `negative_slope` 0.01, not 0.2 (0.3 in `layers.LeakyReLU`) |  |"
    )


def test_every_row_is_shown_and_none_without_a_word_on_its_twin():
    block = components_block(ROWS, [])
    rows = [each for each in block.splitlines() if each.startswith("| ")][2:]
    assert len(rows) == len(ROWS)
    assert "| Keras's own | `callbacks.ReduceLROnPlateau` |" in block
    assert "| none |" in line(block, "| maxout")
    assert "| as in Keras |" in line(block, "| tanh")
    assert f"{sum(bool(each.component) for each in ROWS)} components" in block


def test_text_that_a_table_would_take_for_its_own_is_escaped():
    row = Row("a | b <br>", "activations.tanh", ("activations.tanh",), "c | <d>")
    block = components_block((row,), [])
    assert "| a \\| b &lt;br&gt; |" in block
    assert "| c \\| &lt;d&gt; |" in block


def test_the_page_of_defaults_has_a_line_for_each_with_both_values():
    text = render_defaults(ROWS)["keras_defaults.md"].decode()
    found = [(row, *each) for row in ROWS for each in row.differing_defaults()]
    lines = [each for each in text.splitlines() if each.startswith("| [")]
    assert len(lines) == len(found) > 10
    for shown, (row, twin, argument, ours, theirs) in zip(lines, found, strict=True):
        assert shown == (
            f"| [`{row.component}`](../{row.file}) | `keras.{twin}` | `{argument}` "
            f"| `{ours}` | `{theirs}` |"
        )


def test_both_are_the_same_twice(page):
    assert render_defaults(ROWS) == render_defaults(ROWS)
    assert components_block(ROWS, [page]) == components_block(ROWS, [page])
