"""Plans: what trains together, in which blocks, and what never may."""

import dataclasses
import json

import keras
import pytest
from tiny_study import experiment

from study import layers
from study.initializers import He, Xavier
from study.lab.declare.measures import FinalLoss, ValidationError
from study.lab.declare.models import mlp
from study.lab.errors import DefinitionError
from study.lab.train import plan, thresholds


def sequential(*layers):
    return keras.Sequential([keras.Input((6,)), *layers])


def dense(units=4, activation="relu", **settings):
    return sequential(keras.layers.Dense(units, activation, **settings))


def functional(operation=keras.layers.add, first="", units=6, seed=None):
    inputs = keras.Input((6,))
    hidden = keras.layers.Dense(
        units, name=first or None, kernel_initializer=He(seed=seed)
    )(inputs)
    again = keras.layers.Dense(6)(hidden)
    return keras.Model(inputs, operation([inputs, again]))


def nested(units=4, **settings):
    inner = keras.Sequential([keras.Input((6,)), keras.layers.Dense(units, **settings)])
    return sequential(inner, keras.layers.Dense(2))


def named(activation):
    return sequential(keras.layers.Activation(activation, name=activation))


def sgd(learning_rate=0.1, **settings):
    return keras.optimizers.SGD(learning_rate, **settings)


def structure(model, optimizer=None):
    return plan.structure(model, optimizer or sgd())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (dense, dense),
        (
            lambda: dense(kernel_initializer=He()),
            lambda: dense(kernel_initializer=Xavier(seed=2)),
        ),
        (lambda: dense(bias_initializer="ones"), dense),
        (lambda: dense(name="a"), lambda: dense(name="b")),
        (
            lambda: sequential(keras.layers.Dropout(0.3, seed=1)),
            lambda: sequential(keras.layers.Dropout(0.3, seed=2)),
        ),
        (functional, functional),
        (
            lambda: functional(first="a", seed=1),
            lambda: functional(first="b", seed=2),
        ),
        (nested, lambda: nested(name="inside", kernel_initializer="zeros")),
    ],
    ids=[
        "twice",
        "initializers",
        "bias",
        "names",
        "seeds",
        "functional",
        "functional names and seeds",
        "nested",
    ],
)
def test_names_seeds_and_initializers_do_not_part_networks(one, other):
    assert structure(one()) == structure(other())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (lambda: dense(4), lambda: dense(5)),
        (lambda: dense(activation="relu"), lambda: dense(activation="tanh")),
        (lambda: named("relu"), lambda: named("tanh")),
        (dense, lambda: dense(use_bias=False)),
        (dense, lambda: dense(trainable=False)),
        (dense, lambda: dense(kernel_regularizer=keras.regularizers.L2(0.1))),
        (lambda: dense(dtype="float32"), lambda: dense(dtype="mixed_bfloat16")),
        (
            lambda: sequential(keras.layers.Dropout(0.3)),
            lambda: sequential(keras.layers.Dropout(0.4)),
        ),
        (functional, lambda: functional(units=7)),
        (functional, lambda: functional(operation=keras.layers.multiply)),
        (lambda: nested(4), lambda: nested(5)),
    ],
    ids=[
        "units",
        "activation",
        "activation that names its layer",
        "bias",
        "frozen",
        "penalty",
        "dtype policy",
        "dropout rate",
        "functional units",
        "functional operation",
        "nested units",
    ],
)
def test_what_changes_the_computation_parts_networks(one, other):
    assert structure(one()) != structure(other())


def test_a_functional_model_s_wiring_parts_it():
    def wired(order):
        inputs = keras.Input((6,))
        halves = [keras.layers.Dense(6, each)(inputs) for each in ("relu", "tanh")]
        return keras.Model(inputs, keras.layers.subtract([halves[i] for i in order]))

    assert structure(wired((0, 1))) == structure(wired((0, 1)))
    assert structure(wired((0, 1))) != structure(wired((1, 0)))


@pytest.mark.parametrize(
    ("optimizer", "together"),
    [
        (sgd(0.7), True),
        (sgd(0.1, name="mine"), True),
        (sgd(0.1, momentum=0.9), False),
        (sgd(0.1, weight_decay=0.1), False),
        (sgd(0.1, clipnorm=1.0), False),
        (keras.optimizers.RMSprop(0.1), False),
        (sgd(keras.optimizers.schedules.ExponentialDecay(0.1, 9, 0.5)), False),
    ],
    ids=["rate", "name", "momentum", "decay", "clip", "class", "schedule"],
)
def test_a_constant_learning_rate_is_all_that_optimizers_may_differ_in(
    optimizer, together
):
    assert (structure(dense()) == structure(dense(), optimizer)) is together


def test_two_schedules_are_apart():
    halves, thirds = (
        sgd(keras.optimizers.schedules.ExponentialDecay(0.1, 9, rate))
        for rate in (1 / 2, 1 / 3)
    )
    assert structure(dense(), halves) != structure(dense(), thirds)


def test_cells_are_every_combination_with_the_last_name_fastest():
    swept = {"a": (1, 2), "b": {"x": None, "y": None, "z": None}}
    found = [tuple(each.values()) for each in plan.cells(swept)]
    assert found == [(1, "x"), (1, "y"), (1, "z"), (2, "x"), (2, "y"), (2, "z")]
    assert plan.cells({}) == [{}]


def pairs(cells, replicates):
    """List runs: every cell with every replicate."""
    return [(cell, replicate) for cell in cells for replicate in replicates]


def plans(replicates, stage="judge", **changes):
    definition = experiment(**changes)
    runs = pairs(plan.cells(definition.vary), replicates)
    return plan.programs(definition, stage, runs)


def test_every_run_is_in_one_program_and_a_program_holds_one_structure():
    programs = plans(range(3))
    assert [{cell["units"] for cell in each.cells} for each in programs] == [{5}, {3}]
    runs = [(*cell.values(), r) for each in programs for cell, r in each.runs]
    assert len(runs) == len(set(runs)) == 4 * 3
    first = programs[0]
    assert [(cell["learning_rate"], r) for cell, r in first.runs] == [
        (rate, replicate) for rate in ("slow", "fast") for replicate in range(3)
    ]


@pytest.mark.parametrize(
    ("hidden", "block"), [((3,), 100), ((130,), 10)], ids=["tiny", "large"]
)
def test_replicates_are_cut_into_blocks_by_the_size_of_the_network(hidden, block):
    count = 2 * block + 1
    programs = plans(
        range(count),
        model=lambda: mlp(64, hidden, 10),
        vary={"learning_rate": (0.1, 0.2)},
    )
    blocks = [each.replicates for each in programs]
    assert [len(each) for each in blocks] == [block, block, 1]
    assert [r for each in blocks for r in each] == list(range(count))
    assert all(len(each.cells) == 2 for each in programs)


def test_more_replicates_leave_the_earlier_whole_blocks_as_they_were():
    few, many = plans(range(100)), plans(range(150))
    assert {each.to_json() for each in few} < {each.to_json() for each in many}


def test_an_extension_begins_with_blocks_of_its_own():
    before, after = plans(range(7)), plans(range(7, 12))
    assert [each.replicates for each in before] == [tuple(range(7))] * 2
    assert [each.replicates for each in after] == [tuple(range(7, 12))] * 2


@pytest.mark.parametrize(
    ("most", "sizes"), [(1, [1] * 12), (2, [2, 1] * 4), (3, [3] * 4), (7, [6, 6])]
)
def test_a_program_is_cut_into_parts_in_the_order_of_its_runs(most, sizes):
    cells = tuple({"a": i} for i in range(4))
    program = plan.Program("judge", cells, (5, 6, 7), most=most)
    parts = program.parts()
    assert [len(each.runs) for each in parts] == sizes
    assert [run for each in parts for run in each.runs] == program.runs
    assert program.stacked == max(sizes)
    whole = dataclasses.replace(program, most=12)
    assert whole.parts() == [whole]


def test_a_program_is_stacked_as_the_thresholds_say(monkeypatch):
    limit = thresholds.Limit("dense", 10**9, 4, True, "all", ms=10**6)
    monkeypatch.setattr(thresholds, "limit", lambda model: limit)
    programs = plans(range(3))
    assert {(each.most, each.threads) for each in programs} == {(4, "all")}
    assert all(len(each.runs) <= 4 for each in programs)


def test_programs_of_more_steps_or_larger_or_deeper_networks_are_larger():
    def size(hidden, steps, replicates=2):
        runs = pairs(plan.cells({"learning_rate": (0.1,)}), range(replicates))
        definition = experiment(
            model=lambda: mlp(8, hidden, 10),
            vary={"learning_rate": (0.1,)},
            steps=steps,
        )
        (program,) = plan.programs(definition, "judge", runs)
        return program.size

    plain = size((6,), 20)
    assert size((6,), 21) > plain
    assert size((7,), 20) > plain
    assert size((6,), 20, replicates=3) > plain
    assert size((2, 3), 20) > size((3,), 20)  # of 67 weights both


def test_cells_apart_in_patience_alone_are_merged_unless_a_function_reads_it():
    vary = {"patience": (1, 3), "units": (4, 5)}
    swept = {"vary": vary, "watch": ("validation",)}
    program = plan.Program("judge", tuple(plan.cells(vary)), (5, 6))
    plain = experiment(**swept, model=lambda units: dense(units))
    trained, twins = plan.merged(plain, program)
    assert trained.cells == program.cells[:2]
    assert twins == [program.runs[i] for i in (0, 1, 2, 3) * 2]
    reading = experiment(**swept, model=lambda units, patience: dense(units))
    assert plan.merged(reading, program) == (program, program.runs)


def test_cells_apart_in_numbers_compile_one_network_whatever_program_has_them():
    def model(units, rate):
        return sequential(keras.layers.Dense(units), layers.Dropout(rate))

    changes = {"model": model, "vary": {"units": (3, 5), "rate": (0.1, 0.2, 0.3)}}
    tuned = plans(range(2), stage="tune", **changes)
    judged = plans(range(3), **changes)
    assert [each.structure for each in tuned] == [each.structure for each in judged]
    assert len({each.structure for each in judged}) == 2


def test_a_model_is_built_once_for_all_that_its_function_is_given_alike():
    built = []

    def model(units):
        built.append(units)
        return dense(units)

    def optimizer(learning_rate):
        return sgd(learning_rate)

    vary = {"units": (3, 5), "learning_rate": (0.1, 0.2, 0.3)}
    plans(range(1), model=model, optimizer=optimizer, vary=vary)
    assert built == [3, 5]


def test_a_tuned_value_that_an_arm_ignores_is_tried_once():
    def optimizer(own, rate):
        return sgd(own or rate)

    swept = experiment(
        vary={"own": {"tuned": None, "its own": 0.3}},
        tune={"rate": (0.1, 0.2, 0.3)},
        optimizer=optimizer,
        measures=(FinalLoss(), ValidationError()),
    )
    cells = plan.cells({**swept.vary, **swept.tune})
    ignored = [{"own": "its own", "rate": each} for each in (0.2, 0.3)]
    tried = plan.trials(swept)
    assert tried == [each for each in cells if each not in ignored]


@pytest.mark.parametrize("changed", ["model", "train", "pretraining"])
def test_a_tuned_value_that_changes_anything_is_tried_everywhere(changed):
    def model(units=5):
        return mlp(4, (units,), 3)

    def pretraining(way):
        return lambda *_: None

    name, values = {
        "model": ("units", (4, 5)),
        "train": ("train", (10, 20)),
        "pretraining": ("way", ("one", "other")),
    }[changed]
    swept = experiment(
        vary={"rate": (0.1, 0.2)},
        tune={name: values},
        model=model,
        optimizer=lambda rate: sgd(rate),
        pretraining=pretraining if changed == "pretraining" else None,
        measures=(FinalLoss(), ValidationError()),
    )
    cells = plan.cells({**swept.vary, **swept.tune})
    assert plan.trials(swept) == cells
    assert len(cells) == 4


@pytest.mark.parametrize("tune", [{}, {"rate": (0.1,)}, {"rate": (0.1,), "times": [2]}])
def test_where_an_arm_has_one_cell_alone_nothing_is_tried(tune):
    swept = experiment(
        vary={"units": (3, 5)},
        tune=tune,
        model=lambda units: mlp(4, (units,), 3),
        optimizer=lambda rate=0.1, times=1: sgd(times * rate),
        measures=(FinalLoss(), ValidationError()),
    )
    assert plan.trials(swept) == []


def test_a_program_comes_back_from_json_and_says_its_stage():
    for program in plans(range(3), stage="tune"):
        text = program.to_json()
        again = plan.Program.from_json(text)
        assert again == program
        assert again.runs == program.runs
        assert again.to_json() == text
        assert json.loads(text)["stage"] == "tune"


def test_a_cell_s_labels_bring_the_values_they_stand_for():
    model, optimizer = plan.build(experiment(), {"units": 3, "learning_rate": "fast"})
    assert model.layers[0].units == 3
    assert float(optimizer.learning_rate) == 0.5


def test_a_model_s_shape_and_classes_are_those_of_the_data():
    def model(units, classes, shape=(3,)):
        return mlp(shape, (units,), classes)

    built, _ = plan.build(
        experiment(model=model), {"units": 3, "learning_rate": "fast"}
    )
    assert (built.input_shape, built.output_shape) == ((None, 64), (None, 10))


def test_what_is_not_swept_takes_the_default_of_its_function():
    model, optimizer = plan.build(experiment(vary={"units": (4,)}), {"units": 4})
    assert model.layers[0].units == 4
    assert float(optimizer.learning_rate) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"model": lambda units: None}, ["model: ", "Model", "Received: NoneType"]),
        (
            {"optimizer": lambda learning_rate: "sgd"},
            ["optimizer: ", "Optimizer", "Received: str"],
        ),
        (
            {"model": lambda units: keras.Sequential([keras.layers.Dense(units)])},
            ["model: ", "keras.Input", "unbuilt Sequential"],
        ),
        ({"model": lambda units: mlp(64, units, 10)}, ["model: ", "no len()"]),
    ],
    ids=["nothing", "a name", "unbuilt", "raises"],
)
def test_a_function_that_brings_no_built_model_or_optimizer_is_told_with_its_cell(
    changes, parts
):
    with pytest.raises(DefinitionError) as error:
        plans(range(2), **changes)
    message = str(error.value)
    assert "{'units': 5, 'learning_rate': 'slow'}" in message
    assert all(part in message for part in parts)


def test_the_plan_follows_the_definition_alone():
    definition = experiment()
    again = dataclasses.replace(definition, title="another", replicates=9)
    runs = pairs(plan.cells(definition.vary), range(4))
    first, second = (plan.programs(each, "judge", runs) for each in (definition, again))
    assert first == second


def test_a_program_comes_back_from_json_with_all_that_it_says():
    program = plan.Program("tune", ({"a": 1},), (3, 4), "all", most=7, nudge=2)
    assert plan.Program.from_json(program.to_json()) == program
    assert {*json.loads(program.to_json())} == {
        each.name for each in dataclasses.fields(program)
    } - {"structure", "size"}


def test_cells_that_lack_the_same_replicates_share_a_program_and_others_do_not():
    first, second, third = ({"learning_rate": each} for each in ("slow", "fast", "it"))
    definition = experiment(
        vary={"learning_rate": {"slow": 0.1, "fast": 0.2, "it": 0.3}},
        model=lambda: mlp(64, (3,), 10),
    )
    runs = [
        *pairs([first], range(3)),
        *pairs([second], range(1, 3)),
        *pairs([third], range(3)),
    ]
    programs = plan.programs(definition, "judge", runs)
    assert [(each.cells, each.replicates) for each in programs] == [
        ((first, third), (0, 1, 2)),
        ((second,), (1, 2)),
    ]
    found = [run for each in programs for run in each.runs]
    assert len(found) == len(runs)
    assert all(run in runs for run in found)


def test_a_nudge_is_part_of_a_program_and_changes_no_plan():
    definition = experiment()
    runs = pairs(plan.cells(definition.vary), range(3))
    plain, nudged = (
        plan.programs(definition, "judge", runs, nudge) for nudge in (0, 3)
    )
    assert {each.nudge for each in nudged} == {3}
    assert [dataclasses.replace(each, nudge=0) for each in nudged] == plain
    assert all(one != other for one, other in zip(plain, nudged, strict=True))
