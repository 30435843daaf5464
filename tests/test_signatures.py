"""A call that is right for the Keras twin means the same here, or is refused."""

import inspect
import operator

import keras
import pytest

from study.lab.declare import parity

KINDS = (
    "activations",
    "augmentation",
    "initializers",
    "layers",
    "losses",
    "regularizers",
)
ROWS = {
    row.component: row
    for row in parity.ROWS
    if row.component.partition(".")[0] in KINDS and row.twins
}
# Arguments of the twin that ours refuses: a layer by a message that names the twin,
# others as Python does, with a docstring that names it.
REFUSED = {
    "activations.relu": ("negative_slope", "max_value", "threshold"),
    "augmentation.RandomElasticDistortion": (
        *("factor", "scale", "interpolation", "fill_mode", "fill_value"),
        *("value_range", "data_format"),
    ),
    "initializers.Normal": ("mean",),
    "layers.BatchNormalization": (
        *("renorm", "renorm_clipping", "renorm_momentum", "synchronized"),
    ),
    "layers.FastForward": ("axis",),
    "layers.SimpleRecurrent": (
        *("dropout", "recurrent_dropout", "return_state", "stateful", "unroll"),
        "seed",
    ),
}
# Our first argument stands where the twin has another.
OTHERWISE = {
    "initializers.Normal": "there is no mean, and two by position are refused",
    "layers.FastForward": "an axis is no layer, which is refused",
}
NEEDED = {
    "layers.Dropout": {"rate": 0.5},
    "layers.FastForward": {"block": keras.layers.Identity()},
    "layers.SimpleRecurrent": {"units": 3},
}


def parameters(thing, *kinds):
    kinds = kinds or (inspect.Parameter.POSITIONAL_OR_KEYWORD,)
    found = inspect.signature(thing).parameters.values()
    return [each.name for each in found if each.kind in kinds]


def pair(component):
    row = ROWS[component]
    return row.ours, operator.attrgetter(row.twins[0])(keras), dict(row.named)


@pytest.mark.parametrize("component", ROWS)
def test_every_argument_of_the_twin_stands_where_it_does_there_or_is_refused(component):
    ours, twin, named = pair(component)
    mine, theirs = (
        [named.get(name, name) for name in parameters(each)] for each in (ours, twin)
    )
    by_name = parameters(ours, inspect.Parameter.KEYWORD_ONLY)
    refused = REFUSED.get(component, ())
    missing = [name for name in theirs if name not in (*mine, *by_name)]
    assert missing == [*refused]
    if component in OTHERWISE:
        mine, theirs = mine[1:], theirs[1:]
    shared = min(len(mine), len(theirs))
    assert mine[:shared] == theirs[:shared]


@pytest.mark.parametrize(
    ("component", "name"),
    [(component, name) for component, names in REFUSED.items() for name in names],
)
def test_what_is_refused_names_the_class_of_keras_that_has_it(component, name):
    ours, twin, _ = pair(component)
    if component.startswith(("layers", "augmentation")):
        message = rf"`{name}`.*keras\.layers\.{twin.__name__}|keras.*{twin.__name__}"
        with pytest.raises(ValueError, match=message) as raised:
            ours(**NEEDED.get(component, {}), **{name: 1})
        assert f"Received: {name}=1" in str(raised.value)
    else:
        assert twin.__name__ in inspect.getdoc(ours)
        with pytest.raises(TypeError, match=name):
            ours(**{"x": [1.0]} if component == "activations.relu" else {}, **{name: 1})


def test_the_tables_name_what_there_is():
    assert {*REFUSED, *OTHERWISE, *NEEDED} <= {*ROWS}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda kinds: kinds["initializers.Normal"](0.0, 0.1), "positional"),
        (lambda kinds: kinds["layers.FastForward"](-1), "expected a layer"),
        (lambda kinds: kinds["layers.Dropout"](0.5, "batch"), "`noise_shape`.*by name"),
        (
            lambda kinds: kinds["augmentation.RandomElasticDistortion"](0.5, 2.0),
            "positional",
        ),
    ],
)
def test_calls_by_position_that_mean_something_else_are_refused(call, message):
    kinds = {name: row.ours for name, row in ROWS.items()}
    with pytest.raises((TypeError, ValueError), match=message):
        call(kinds)
