"""The promises that every public component keeps, whatever its kind.

A kind is a subclass of `Contract` in a file of its own, `test_contract_of_<kind>.py`.
It names its modules, whose `__all__` lists the components, gives arguments where a
component needs some, and says how a component takes part in a network. The components
of a kind train side by side, as branches of one network that share nothing, to save
time; `conftest.py` repeats each promise for every one of them.
"""

import functools
import importlib
import inspect
import json
import types

import keras
import numpy as np
import pytest
from compiling import JITS
from feeding import batches
from fresh import outputs

COMPILES = keras.backend.backend() != "torch"  # there by an external compiler, slowly
EXAMPLES = 45
UNEVEN = 7  # six batches and one of three


class Kind:
    """A kind of component: what there is, and how it takes part in a network."""

    # Modules whose `__all__` lists the components.
    modules = ()
    # From a component's name to a function of its class that makes one.
    arguments = types.MappingProxyType({})
    # From a component's name to the shape of its inputs, if not `shape`.
    shapes = types.MappingProxyType({})
    shape = (5,)
    # Whether all components share a network; otherwise each has one of its own.
    together = True
    batch = 15  # three batches an epoch: two at a time, and one

    @classmethod
    def components(cls):
        """Map names to all public classes and registered functions of the kind."""
        found = {}
        for path in cls.modules:
            try:
                module = importlib.import_module(path)
            except ModuleNotFoundError as error:
                if error.name != path:
                    raise
                continue
            public = {name: getattr(module, name) for name in module.__all__}
            found |= {name: each for name, each in public.items() if component(each)}
        return found

    @classmethod
    def names(cls):
        return sorted(cls.components())

    def make(self, name):
        """Return a fresh component."""
        kind = self.components()[name]
        if name in self.arguments:
            return self.arguments[name](kind)
        if isinstance(kind, types.FunctionType):
            return kind
        needed = [
            each.name
            for each in inspect.signature(kind).parameters.values()
            if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD
        ]
        if needed:
            pytest.fail(
                f"{name} needs {', '.join(needed)}: give it some in the table of "
                f"arguments in {type(self).__module__}.py"
            )
        return kind()

    # How a component takes part.

    def layer(self, component, name):
        """Return the layer that holds the component."""
        raise NotImplementedError

    def optimizer(self, component):
        return keras.optimizers.SGD(0.15)

    def loss(self, component):
        return "mean_squared_error"

    def callbacks(self, names):
        return []

    def is_random(self, component):
        """Tell whether training draws numbers, which jit draws differently."""
        return False

    # Networks.

    def groups(self):
        """List which components share a network."""
        return [self.names()] if self.together else [[name] for name in self.names()]

    def network(self, names, policy, **compiled):
        """Compile a network with a branch for every name; their outputs are stacked."""
        keras.utils.set_random_seed(1)
        previous = keras.config.dtype_policy()
        keras.config.set_dtype_policy(policy)
        try:
            inputs, ends = [], []
            self.held = {}  # the layers that hold the components of this network
            for name in names:
                component = self.make(name)
                inputs.append(keras.Input(self.shapes.get(name, self.shape), name=name))
                self.held[name] = self.layer(component, name)
                held = self.held[name](inputs[-1])
                assert held.dtype == keras.config.dtype_policy().compute_dtype
                flat = keras.layers.Flatten()(held)
                head = keras.layers.Dense(2, dtype="float32")
                ends.append(keras.layers.Reshape((1, 2), dtype="float32")(head(flat)))
            stacked = ends[0]
            if len(names) > 1:
                stacked = keras.layers.Concatenate(axis=1, dtype="float32")(ends)
            model = keras.Model(inputs, stacked)
            # The mean over branches, so times their number.
            model.compile(
                self.optimizer(component),
                self.loss(component),
                loss_weights=float(len(names)),
                **compiled,
            )
        finally:
            keras.config.set_dtype_policy(previous)
        return model

    def data(self, names):
        rng = np.random.default_rng(2)
        shapes = [(EXAMPLES, *self.shapes.get(name, self.shape)) for name in names]
        x = [rng.uniform(-1, 1, shape).astype("float32") for shape in shapes]
        flat = [each.reshape(EXAMPLES, -1) for each in x]
        y = [0.5 + each @ rng.uniform(-0.5, 0.5, (each.shape[1], 2)) for each in flat]
        return x, np.stack(y, axis=1).astype("float32")

    def train(self, model, names, epochs=8, batch=None):
        """Return what training changed, by name."""
        x, y = self.data(names)
        before, start = outputs(model, x), self.weights(names)
        callbacks = self.callbacks(names)
        fed = batches(x, y, batch or self.batch)
        model.fit(**fed, epochs=epochs, verbose=0, callbacks=callbacks)
        after, end = outputs(model, x), self.weights(names)
        return {
            name: Trained(y[:, i], before[:, i], after[:, i], start[name], end[name])
            for i, name in enumerate(names)
        }

    def weights(self, names):
        """Return the trainable weights of each component's layer, by their paths."""
        return {
            name: {
                each.path: keras.ops.convert_to_numpy(each)
                for each in self.held[name].trainable_weights
            }
            for name in names
        }

    # The ways of training, once for all promises.

    def train_plainly(self, folder):
        """Train step by step; return what came of it, and how to go on."""
        trained, further = {}, []
        for number, names in enumerate(self.groups()):
            model = self.network(names, "float32", jit_compile=JITS)
            trained |= self.train(model, names)
            on = functools.partial(
                self.go_on, model, names, self.held, folder / f"{number}"
            )
            further.append(on)
        return trained, further

    def go_on(self, model, names, held, path):
        """Save a model with its data, and train it with uneven batches."""
        self.held = held
        model.save(path.with_suffix(".keras"))
        x, y = self.data(names)
        np.savez(path.with_suffix(".npz"), *x, y)
        return self.train(model, names, 1, UNEVEN)

    def train_compiled(self):
        """Train with jit, two steps at a time."""
        trained = {}
        for names in self.groups():
            options = {"jit_compile": True, "steps_per_execution": 2}
            trained |= self.train(self.network(names, "float32", **options), names)
        return trained

    def train_in_half_precision(self):
        trained = {}
        for names in self.groups():
            model = self.network(names, "mixed_float16", jit_compile=JITS)
            trained |= self.train(model, names)
            for weight in model.weights:
                assert "float" not in weight.dtype or weight.dtype == "float32"
        return trained

    def train_afresh(self, folder, further, elsewhere):
        """Go on here and, from what was saved, in another process."""
        here = {}
        for on in further:
            here |= on()
        elsewhere(folder, UNEVEN, self.modules)
        found = {}
        for number, names in enumerate(self.groups()):
            saved = np.load(folder / f"{number}-fresh.npz")
            for i, name in enumerate(names):
                there = (saved["before"][:, i], saved["after"][:, i])
                found[name] = (here[name], *there)
        return found


class TrainingContract(Kind):
    """Promises of what takes part in training."""

    def test_the_tables_name_public_components_only(self):
        names = self.names()
        if not names:
            pytest.skip(f"{self.modules} do not exist yet")
        unknown = {*self.arguments, *self.shapes} - {*names}
        assert not unknown, f"not in __all__ of {self.modules}: {unknown}"

    def test_its_docstring_has_an_example(self, name):
        text = inspect.getdoc(self.components()[name])
        assert text.partition("\n")[0].endswith(".")
        assert ">>>" in text

    def test_a_fit_lowers_the_error(self, name, plain):
        trained, _ = plain
        assert trained[name].gain > 0.2

    @pytest.mark.slow
    @pytest.mark.skipif(not COMPILES, reason="PyTorch takes one step at a time")
    def test_jit_and_two_steps_at_a_time_train_alike(self, name, plain, compiled):
        trained, _ = plain
        if self.is_random(self.make(name)):
            assert compiled[name].gain > 0.2
        else:
            # Up to 72 steps of some roundings each, in another order.
            np.testing.assert_allclose(
                compiled[name].after, trained[name].after, rtol=1e-3, atol=1e-4
            )

    @pytest.mark.slow
    def test_mixed_half_precision_trains(self, name, half):
        assert half[name].gain > 0.2


class Contract(TrainingContract):
    """Promises of what takes part in training and is saved with the model."""

    def test_it_is_registered_under_its_own_name(self, name):
        component = self.components()[name]
        assert keras.saving.get_registered_name(component) == f"study>{name}"

    def test_its_config_is_plain_data_and_brings_it_back(self, name):
        component = self.make(name)
        config = keras.saving.serialize_keras_object(component)
        config = json.loads(json.dumps(config))
        again = keras.saving.deserialize_keras_object(config)
        if isinstance(component, types.FunctionType):
            assert again is component
            return
        assert type(again) is type(component)
        assert again.get_config() == component.get_config()
        copy = type(component).from_config(component.get_config())
        assert copy.get_config() == component.get_config()

    def test_its_numbers_are_attributes_of_the_arguments_names(self, name):
        component = self.make(name)
        if isinstance(component, types.FunctionType):
            return
        for argument, value in component.get_config().items():
            if isinstance(value, float):
                kept = float(getattr(component, argument))
                assert kept == pytest.approx(value), argument

    @pytest.mark.slow
    def test_a_fresh_process_loads_it_and_goes_on_with_uneven_batches(
        self, name, fresh
    ):
        here, before, after = fresh[name]
        # The same programs on the same machine; threads may add in another order.
        near = {"rtol": 1e-4, "atol": 1e-5}
        np.testing.assert_allclose(before, here.before, **near)
        if not self.is_random(self.make(name)):  # Keras saves no state of seeds
            np.testing.assert_allclose(after, here.after, **near)
            assert not np.array_equal(after, before)


class Trained:
    """Outputs before and after training.

    `gain` is the share of the error that it took, `still` are the trainable weights
    that it left as they were.
    """

    def __init__(self, truth, before, after, start, end):
        self.before, self.after = before, after
        self.still = [path for path in start if np.array_equal(start[path], end[path])]
        old, new = (((each - truth) ** 2).mean() for each in (before, after))
        self.gain = 1 - new / old


def component(thing):
    """Tell components from helpers: classes, and functions registered with Keras."""
    if inspect.isclass(thing):
        return True
    name = keras.saving.get_registered_name(thing)
    return keras.saving.get_registered_object(name) is thing
