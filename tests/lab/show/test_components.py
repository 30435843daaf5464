"""The pages of components and of defaults show what they are told."""

from dataclasses import replace

from study.initializers import He, Normal
from study.lab.declare.parity import ROWS, Row
from study.lab.show.components import render_components, render_defaults


def shown(rows, pages):
    return render_components(rows, pages)["components.md"].decode()


def line(text, start):
    (found,) = (each for each in text.splitlines() if each.startswith(start))
    return found


def test_a_row_shows_component_twin_difference_and_experiments(page, simulated):
    one = replace(page, definition=replace(page.definition, about=(He, Normal)))
    other = replace(simulated, definition=replace(simulated.definition, about=(He,)))
    text = shown(ROWS, [one, other])
    assert line(text, "| He,") == (
        "| He, √(2 / fan_in) | [`initializers.He`](../study/initializers.py) "
        "| `initializers.HeNormal` | Keras's is truncated at two standard deviations "
        f"| [Depth \\| width]({page.name}/README.md), "
        f"[{simulated.definition.title}]({simulated.name}/README.md) |"
    )
    assert f"({page.name}/" in line(text, "| normal weights")
    assert f"({simulated.name}/" not in line(text, "| normal weights")


def test_differing_defaults_stand_with_what_is_otherwise():
    text = shown(ROWS, [])
    assert "`learning_rate` 0.01, not 0.001" in line(text, "| AdaGrad")
    assert line(text, "| leaky ReLU").endswith(
        "| `negative_slope` 0.01, not 0.2 (0.3 in `layers.LeakyReLU`) |  |"
    )


def test_every_row_is_shown_and_none_without_a_word_on_its_twin():
    text = shown(ROWS, [])
    rows = [each for each in text.splitlines() if each.startswith("| ")][2:]
    assert len(rows) == len(ROWS)
    assert "| Keras's own | `callbacks.ReduceLROnPlateau` |" in text
    assert "| none |" in line(text, "| maxout")
    assert "| as in Keras |" in line(text, "| tanh")
    assert f"{sum(bool(each.component) for each in ROWS)} components" in text


def test_text_that_a_table_would_take_for_its_own_is_escaped():
    row = Row("a | b <br>", "activations.tanh", ("activations.tanh",), "c | <d>")
    text = shown((row,), [])
    assert "| a \\| b &lt;br&gt; |" in text
    assert "| c \\| &lt;d&gt; |" in text


def test_the_page_of_defaults_has_a_line_for_each_with_both_values():
    text = render_defaults(ROWS)["keras_defaults.md"].decode()
    found = [(row, *each) for row in ROWS for each in row.differing_defaults()]
    lines = [each for each in text.splitlines() if each.startswith("| [")]
    assert len(lines) == len(found) > 10
    for told, (row, twin, argument, ours, theirs) in zip(lines, found, strict=True):
        assert told == (
            f"| [`{row.component}`](../{row.file}) | `keras.{twin}` | `{argument}` "
            f"| `{ours}` | `{theirs}` |"
        )


def test_both_are_the_same_twice(page):
    assert render_defaults(ROWS) == render_defaults(ROWS)
    assert render_components(ROWS, [page]) == render_components(ROWS, [page])
