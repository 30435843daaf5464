"""Every component trains under every policy of precision, alone and mixed."""

import contextlib

import keras
import pytest
import test_contract_of_activations
import test_contract_of_initializers
import test_contract_of_layers
import test_contract_of_losses
import test_contract_of_regularizers

from study.layers import FastForward, PolyInception, Residual, SplitAndMerge

KINDS = {
    "activations": test_contract_of_activations.TestActivations,
    "initializers": test_contract_of_initializers.TestInitializers,
    "layers": test_contract_of_layers.TestLayers,
    "losses": test_contract_of_losses.TestLosses,
    "regularizers": test_contract_of_regularizers.TestRegularizers,
}
POLICIES = ("float16", "bfloat16", "mixed_float16", "mixed_bfloat16", "float64")
BLOCKS = {
    "FastForward": lambda part, dtype: FastForward([part(6), part(6)], dtype=dtype),
    "PolyInception, poly-2": lambda part, dtype: PolyInception(
        "poly-2", part(6), dtype=dtype
    ),
    "PolyInception, mpoly-2": lambda part, dtype: PolyInception(
        "mpoly-2", part(6), part(6), dtype=dtype
    ),
    "PolyInception, 2-way": lambda part, dtype: PolyInception(
        "2-way", part(6), [part(6), part(6)], dtype=dtype
    ),
    "Residual": lambda part, dtype: Residual([part(6), part(6)], dtype=dtype),
    "Residual, shortcut": lambda part, dtype: Residual(part(6), part(6), dtype=dtype),
    "SplitAndMerge, add": lambda part, dtype: SplitAndMerge(
        [part(6), [part(6), part(6)]], merge="add", dtype=dtype
    ),
    "SplitAndMerge, concatenate": lambda part, dtype: SplitAndMerge(
        [part(6), part(6)], dtype=dtype
    ),
}


@contextlib.contextmanager
def floats(dtype):
    previous = keras.config.floatx()
    keras.config.set_floatx(dtype)
    try:
        yield
    finally:
        keras.config.set_floatx(previous)


def computed(policy):
    """Return the type that layers of a policy return, which JAX cuts down to single."""
    dtype = keras.DTypePolicy(policy).compute_dtype
    return keras.backend.result_type(dtype, dtype)


def kind_of(tensor):
    return keras.backend.standardize_dtype(tensor.dtype)


# Under mixed_float16 the contract trains every component.
@pytest.mark.slow
@pytest.mark.parametrize("policy", [x for x in POLICIES if x != "mixed_float16"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_component_trains_under_every_other_policy(kind, policy):
    if policy == "float64" and computed(policy) != policy:
        pytest.skip("Keras computes float64 in float32 on this backend")
    kind = KINDS[kind]()
    with floats("float64" if policy == "float64" else "float32"):
        for names in kind.groups():
            model = kind.network(names, policy, jit_compile=False)
            trained = kind.train(model, names)
            for name in names:
                assert trained[name].gain > 0.2, name


@pytest.mark.parametrize(
    ("inner", "block", "policy"),
    [
        # Every pair of these, and all of them in the slow run.
        pytest.param(
            inner,
            block,
            policy,
            id=f"{inner}, {block}, {policy}",
            marks=() if (i + j + k) % 3 == 0 else pytest.mark.slow,
        )
        for i, inner in enumerate(("float32", "mixed_float16", "bfloat16"))
        for j, block in enumerate(BLOCKS)
        for k, policy in enumerate(POLICIES)
    ],
)
def test_blocks_cast_what_they_join_to_their_own_precision(block, policy, inner):
    """Like `keras.layers.Add`, whatever the layers inside and the inputs are."""
    parts = iter([inner, policy] * 2)

    def part(units):
        return keras.layers.Dense(units, dtype=next(parts))

    layer = BLOCKS[block](part, policy)
    declared = layer(keras.Input((6,), dtype="float32"))
    for dtype in ("float32", "float16", "int32"):
        outputs = layer(keras.ops.ones((2, 6), dtype=dtype))
        assert kind_of(outputs) == computed(policy)
    assert declared.dtype == keras.DTypePolicy(policy).compute_dtype
    assert outputs.shape[1:] == declared.shape[1:]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.usual("float16")
def test_a_network_of_several_precisions_trains(policy):
    inputs = keras.Input((6,))
    x = Residual(
        [keras.layers.Dense(6, "tanh", dtype=policy), keras.layers.BatchNormalization()]
    )(inputs)
    x = FastForward(Residual(keras.layers.Dense(6, dtype=policy)), dtype=policy)(x)
    x = SplitAndMerge([keras.layers.Dense(4), keras.layers.Dense(4, dtype=policy)])(x)
    model = keras.Model(inputs, keras.layers.Dense(2)(x))
    model.compile(keras.optimizers.SGD(0.05), "mean_squared_error", jit_compile=False)
    x = keras.random.normal((32, 6), seed=1)
    losses = model.fit(x, x[:, :2], epochs=5, verbose=0).history["loss"]
    assert losses[-1] < 0.7 * losses[0]
