"""Numbers that may be stacked: which are found, and that tracing leaves no trace."""

import keras

from study import layers, regularizers
from study.lab.train import stackable


def network():
    return keras.Sequential(
        [
            keras.Input((5,)),
            keras.layers.Dense(4, kernel_regularizer=regularizers.L2(0.25)),
            keras.layers.Dense(4, bias_regularizer=keras.regularizers.L1(0.125)),
            layers.Dropout(0.5),
            keras.layers.Dropout(0.75),
        ]
    )


def found(optimizer=None):
    return stackable.find(
        network(), optimizer or keras.optimizers.SGD(weight_decay=0.1)
    )


def test_rates_and_strengths_are_found_wherever_they_stand():
    assert {path: each.value for path, each in found().items()} == {
        "optimizer.weight_decay": 0.1,
        "2.kernel_regularizer.strength": 0.25,
        "3.bias_regularizer.l1": 0.125,
        "4.rate": 0.5,
    }


def test_what_an_optimizer_leaves_out_is_no_number():
    assert "optimizer.weight_decay" not in found(keras.optimizers.SGD())


def test_every_rate_and_strength_of_our_components_is_in_the_table():
    made = [layers.Dropout(0.5), layers.DropConnect(3, rate=0.5)]
    made += [getattr(regularizers, name)() for name in regularizers.__all__]
    for each in made:
        kept = {"rate", "strength", "l1", "l2"} & {*vars(each)}
        assert kept == {*stackable.STACKABLE[type(each)]}


def test_a_component_of_ones_own_shares_no_program_by_the_names_of_its_attributes():
    class Mine(keras.regularizers.Regularizer):
        rate = 0.5

    layer = keras.layers.Dense(4, kernel_regularizer=Mine())
    model = keras.Sequential([keras.Input((5,)), layer])
    assert stackable.find(model, keras.optimizers.SGD()) == {}


def test_values_stand_in_place_of_numbers_and_go_again_even_after_an_error():
    (each,) = [each for path, each in found().items() if path.endswith("rate")]
    with stackable.replaced([each], ["tensor"]):
        assert each.owner.rate == "tensor"
    assert each.owner.rate == 0.5
    try:
        with stackable.replaced([each], ["tensor"]):
            raise RuntimeError
    except RuntimeError:
        pass
    assert each.owner.rate == 0.5
