"""Write a definition of one's own that compares two networks in one thing.

It is a beginning: a file like those of the project, to be read and changed.
"""

import json
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Template
from types import MappingProxyType

WIDTH = 88  # of a line
NAME = "a name of keras.{}"
TEMPLATE = Template('''"""$docstring"""

import keras

from study.lab.data import mnist
from study.lab.declare.finding import Claim, Experiment, Number, Takeaway
from study.lab.declare.measures import $measures
from study.lab.figures import Learning, Points
from study.lab.rules.verdicts import $rule
$imports
ARM, THAN = {"$parameter": $arm}, {"$parameter": $than}


def model(${model}shape, classes):
    layers = [keras.Input(shape)]
    for _ in range($depth):
        $layer
    return keras.Sequential([*layers, keras.layers.Dense(classes, "softmax")])


def optimizer($rates):
    return $method


EXPERIMENT = Experiment(
    title=$title,
    claims=(Claim("$id", $rule(measure="$measure", arm=ARM, than=THAN)),),
    takeaway=Takeaway(
$texts
        numbers={
            "arm": Number("$measure", ARM$unit),
            "than": Number("$measure", THAN$unit),
        },
    ),
    data=mnist(train=2_000, validation=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    epochs=20,
    vary={
        "$parameter": $values,
    },$tune
    replicates=5,
    extension=10,
    watch=("validation",),
    measures=($made),
    figures=(
        Points("$measure", rows="$parameter"),
        Learning(panels="$parameter", title="Validation error while training"),
    ),
)
''')
# In place of what a sweep has otherwise.
PARTS = MappingProxyType(
    {
        "model": "",
        "imports": "",
        "depth": "2",
        "layer": 'layers.append(keras.layers.Dense(128, "relu"))',
        "rates": "learning_rate",
        "method": "keras.optimizers.SGD(learning_rate, momentum=0.9)",
        # Each network has the rate that suits it best, of those that may.
        "tune": """
    tune={
        "learning_rate": (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    },""",
    }
)


@dataclass(frozen=True)
class Sweep:
    """What two networks may differ in.

    Args:
        expected: What its values are.
        read: Returns the label of a value and its code for what was typed, or raises.
        phrase: How sentences call a value, with its label for `{}`.
        parts: What stands in the definition in place of `PARTS`.
    """

    expected: str
    read: Callable[[str], tuple[object, str]]
    phrase: str
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Direction:
    """What a claim says of a measure: its rule, and what is then told of it."""

    rule: str
    holds: str
    fails: str


@dataclass(frozen=True)
class Measured:
    """A measure by its class, what sentences call it, and what else it takes."""

    kind: str
    told: str
    unit: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Declare what a definition is written for.

    Args:
        title: The finding's name.
        id: The claim's id in the ledger beside the definition.
        claim: The claim, in one sentence.
        sweep: What the networks differ in, a name in `SWEEPS`.
        arm, than: The value that the claim is about, and the one it is held against,
            as they were typed.
        says: What the claim says of the measure, a name in `DIRECTIONS`.
        measure: What is measured, a name in `MEASURES`.
    """

    title: str
    id: str
    claim: str
    sweep: str
    arm: str
    than: str
    says: str
    measure: str


def write(comparison: Comparison) -> str:
    """Return the Python of a definition."""
    sweep, says = SWEEPS[comparison.sweep], DIRECTIONS[comparison.says]
    measured = MEASURES[comparison.measure]
    parts = PARTS | sweep.parts
    arm, than = (sweep.read(each) for each in (comparison.arm, comparison.than))
    parameter = parts.get("parameter", comparison.sweep)
    kinds = sorted({measured.kind, *measured.needs, "TestError", "ValidationError"})
    return TEMPLATE.substitute(
        parts,
        docstring=textwrap.fill(_escaped(comparison.claim), WIDTH - len('""""""')),
        title=json.dumps(comparison.title, ensure_ascii=False),
        id=comparison.id,
        parameter=parameter,
        arm=_code(arm[0]),
        than=_code(than[0]),
        values=_values(than, arm),
        rule=says.rule,
        measure=comparison.measure,
        measures=", ".join(kinds),
        made=", ".join(f"{each}()" for each in kinds),
        unit=measured.unit,
        texts=_texts(sweep, arm[0], than[0], says, measured),
    )


def _escaped(text):
    """Write a text so that it can stand in a docstring."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _code(label):
    return json.dumps(label) if isinstance(label, str) else repr(label)


def _values(*values):
    """Return the values of a sweep as code: by label, unless each is its own."""
    if all(_code(label) == code for label, code in values):
        return f"({', '.join(code for _, code in values)})"
    rows = (f"            {_code(label)}: {code},\n" for label, code in values)
    return f"{{\n{''.join(rows)}        }}"


def _texts(sweep, arm, than, says, measured):
    """Return the texts of a takeaway, by outcome, as keyword arguments."""
    arm, than = (_spoken(sweep.phrase, each) for each in (arm, than))
    numbers = f"With {arm} the {measured.told} is {{arm}}, and with {than} {{than}}: "
    endings = {
        "holds": f"{says.holds}, as the claim has it.",
        "fails": f"{says.fails}, against the claim.",
        "open": f"whether it is {says.holds} stays open.",
    }
    return "\n".join(
        _keyword(name, numbers + ending) for name, ending in endings.items()
    )


def _spoken(phrase, label):
    """Say a value in plain words; names of code have underscores."""
    return phrase.format(str(label).replace("_", " "))


def _keyword(name, text):
    """Return a keyword argument whose text may take several lines."""
    lines = textwrap.wrap(text, WIDTH - len(f'        {name}=" ",'))
    quoted = (f'"{each} "' for each in lines[:-1])
    written = "\n        ".join([*quoted, f'"{lines[-1]}"'])
    return f"        {name}={written},"


def _named(module):
    """Return what reads a name that Keras knows in a module of its own."""

    def read(typed):
        import keras

        getattr(keras, module).get(typed)
        return typed, _code(typed)

    return read


def _optimizer(typed):
    import keras

    kind = getattr(keras.optimizers, typed)
    base = keras.optimizers.Optimizer
    if kind is base or not isinstance(kind(learning_rate=0.1), base):
        raise TypeError(typed)
    return typed, f"keras.optimizers.{typed}"


def _number(kind, least, below):
    def read(typed):
        value = kind(typed)
        if not least <= value < below:
            raise ValueError(typed)
        return value, repr(value)

    return read


def _normalization(typed):
    return {"yes": ("batch", '"batch"'), "no": ("none", '"none"')}[typed]


SWEEPS = MappingProxyType(
    {
        "activation": Sweep(
            NAME.format("activations"),
            _named("activations"),
            "{}",
            {
                "model": "activation, ",
                "layer": "layers.append(keras.layers.Dense(128, activation))",
            },
        ),
        "initializer": Sweep(
            NAME.format("initializers"),
            _named("initializers"),
            "weights from {}",
            {
                "model": "initializer, ",
                "layer": """start = {"kernel_initializer": initializer}
        layers.append(keras.layers.Dense(128, "relu", **start))""",
            },
        ),
        "optimizer": Sweep(
            NAME.format("optimizers"),
            _optimizer,
            "{}",
            {
                "parameter": "method",
                "rates": "method, learning_rate",
                "method": "method(learning_rate)",
            },
        ),
        "dropout": Sweep(
            "a rate of at least 0 and less than 1",
            _number(float, 0, 1),
            "a dropout rate of {}",
            {
                "imports": "from study.layers import Dropout\n",
                "model": "dropout, ",
                "layer": """layers.append(keras.layers.Dense(128, "relu"))
        layers.append(Dropout(dropout))""",
            },
        ),
        "batch_normalization": Sweep(
            "yes or no",
            _normalization,
            "{} normalization",
            {
                "parameter": "normalization",
                "imports": "from study.layers import BatchNormalization\n",
                "model": "normalization, ",
                "layer": """layers.append(keras.layers.Dense(128))
        if normalization == "batch":
            layers.append(BatchNormalization(momentum=0.9))
        layers.append(keras.layers.Activation("relu"))""",
            },
        ),
        "weight_decay": Sweep(
            "a factor of at least 0 and less than 1",
            _number(float, 0, 1),
            "a weight decay of {}",
            {
                "parameter": "decay",
                "model": "decay, ",
                "layer": """penalty = keras.regularizers.L2(decay)
        layers.append(keras.layers.Dense(128, "relu", kernel_regularizer=penalty))""",
            },
        ),
        "units": Sweep(
            "a whole number of 1 to 4096",
            _number(int, 1, 4_097),
            "{} units a layer",
            {
                "model": "units, ",
                "layer": 'layers.append(keras.layers.Dense(units, "relu"))',
            },
        ),
        "layers": Sweep(
            "a whole number of 0 to 100",
            _number(int, 0, 101),
            "{} hidden layers",
            {"parameter": "hidden", "model": "hidden, ", "depth": "hidden"},
        ),
        "learning_rate": Sweep(
            "a number above 0 and up to 10",
            _number(float, 1e-12, 10.001),
            "a learning rate of {}",
            {"tune": ""},
        ),
        "batch_size": Sweep(
            "a whole number of 1 to 1000",
            _number(int, 1, 1_001),
            "batches of {}",
        ),
        "train": Sweep(
            "a whole number of 100 to 59000",
            _number(int, 100, 59_001),
            "{} training examples",
        ),
    }
)
DIRECTIONS = MappingProxyType(
    {
        "lowers": Direction("Lowers", "lower", "not lower"),
        "raises": Direction("Raises", "higher", "not higher"),
        "does_not_raise": Direction("DoesNotRaise", "not higher", "higher"),
        "does_not_lower": Direction("DoesNotLower", "not lower", "lower"),
    }
)
MEASURES = MappingProxyType(
    {
        "test_error": Measured("TestError", "test error"),
        "train_error": Measured("TrainError", "training error"),
        "test_loss": Measured("TestLoss", "test loss"),
        "mean_loss": Measured(
            "MeanLoss", "mean training loss of all steps", ', unit=""'
        ),
        "gap": Measured(
            "Gap", "gap between test and training error", needs=("TrainError",)
        ),
    }
)
