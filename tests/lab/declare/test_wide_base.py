"""The base of dropout's findings: networks keep what is named, and share their runs."""

import keras
import numpy as np
import pytest
from histories import watched

from study.lab.declare import wide
from study.lab.declare.experiment import Experiment
from study.lab.declare.identity import Identity
from study.lab.errors import DefinitionError
from study.layers import DropConnect, Dropout


def test_a_network_keeps_all_but_what_is_named():
    *hidden, output = wide.network(wide.ALL, (9,), 4).layers
    drops = [each for each in hidden if isinstance(each, Dropout)]
    assert [(each.rate, each.mask) for each in drops] == [(0.0, "example")] * 2
    dense = [each for each in hidden if isinstance(each, keras.layers.Dense)]
    assert [each.units for each in dense] == [512, 512]
    assert [each.activation for each in dense] == [keras.activations.relu] * 2
    assert output.kernel.shape == (512, 4)


@pytest.mark.parametrize(
    ("kept", "rates"),
    [
        (wide.HALF, [0.5, 0.5]),
        ({"share": 0.1, "inputs": 0.8}, [0.2, 0.9, 0.9]),
        ({"share": 0.4, "hidden": (5,)}, [0.6]),
        ({"weights": 0.25}, []),
    ],
    ids=["half", "inputs too", "one layer", "weights"],
)
def test_what_is_not_kept_is_dropped(kept, rates):
    layers = wide.network(kept, (9,), 4).layers
    found = [each.rate for each in layers if isinstance(each, Dropout)]
    assert found == pytest.approx(rates)
    weights = [each.rate for each in layers if isinstance(each, DropConnect)]
    assert weights == ([0.75, 0.75] if "weights" in kept else [])


def test_masks_and_slopes_are_those_that_are_named():
    layers = wide.network(wide.HALF | {"mask": "epoch", "slope": 0.3}, (9,), 4).layers
    assert [each.mask for each in layers if isinstance(each, Dropout)] == ["epoch"] * 2
    assert float(layers[0].activation(keras.ops.convert_to_tensor(-1.0))) == (
        pytest.approx(-0.3)
    )


def page(**kept):
    return Experiment(
        **wide.BASE,
        title="A page",
        claims=(),
        vary={"kept": kept},
        measures=wide.MEASURES,
    )


def test_pages_share_the_runs_of_what_both_keep_by_whatever_name():
    one, other = page(none={}, half=wide.HALF), page(nothing={}, tenth={"share": 0.1})
    cells = [
        Identity(each).cell("judge", {"kept": kept, "learning_rate": 0.05})
        for each, kept in ((one, "none"), (other, "nothing"), (other, "tenth"))
    ]
    assert cells[0] == cells[1] != cells[2]


def test_a_loss_has_risen_from_its_lowest_to_the_end_and_diverged_to_chance():
    loss = np.array([[0.5, 0.25, 0.75], [0.5, 0.25, 0.25], [0.5, 0.25, np.nan]])
    history = watched("validation", [2, 4, 6], loss=loss)
    assert wide.RisenLoss().read(history).tolist() == [0.5, 0.0, 2.0]


def test_a_rise_of_the_loss_needs_looks_at_the_validation_images():
    with pytest.raises(DefinitionError, match="not watched"):
        Experiment(
            **wide.BASE | {"watch": ()},
            title="Unwatched",
            claims=(),
            vary={"kept": {"all": {}}},
            measures=wide.MEASURES,
        )
