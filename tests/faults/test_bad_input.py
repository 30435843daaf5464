"""Whatever a user writes in a definition or types, the answer is one clear line."""

import keras
import pytest
from answers import workers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from project import make, share

from study.lab import data
from study.lab.declare import measures, models
from study.lab.declare.definition import Anchor, Claim
from study.lab.declare.experiment import Experiment, Outputs
from study.lab.declare.profiles import PROFILES
from study.lab.errors import DefinitionError
from study.lab.execute import command, supervisor
from study.lab.rules.verdicts import Cited, Greater, Rate

# Half of the 10,000 are definitions and half command lines.
SAMPLES = [
    pytest.param(60),
    pytest.param(share(5_000), marks=pytest.mark.faults),
]


def model(units):
    return models.mlp(64, (units,), 10)


def optimizer(learning_rate):
    return keras.optimizers.SGD(learning_rate)


GOOD = {
    "title": "digits",
    "claims": (),
    "data": data.digits(train=50),
    "model": model,
    "optimizer": optimizer,
    "batch_size": 10,
    "steps": 20,
    "vary": {"units": (3, 4), "learning_rate": (0.1,)},
    "measures": (measures.FinalLoss(), measures.TestError()),
}
NAMES = st.sampled_from(
    ["units", "unit", "learning_rate", "final_loss", "final_los", "steps", "", "σ|`"]
)
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 30),
    st.floats(),
    NAMES,
    st.text(max_size=4),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(
        NAMES, st.one_of(st.integers(0, 4), st.text(max_size=3)), max_size=2
    ),
    st.dictionaries(NAMES, st.tuples(st.integers(0, 4)), max_size=2),
    st.just(model),
    st.just(keras.optimizers.SGD),
)
ARMS = st.dictionaries(NAMES, st.integers(2, 5), max_size=2)


@st.composite
def parts(draw):
    """Draw a field and a value that is of its kind, or of none."""
    arm, measure = draw(ARMS), draw(NAMES)
    rule = draw(
        st.sampled_from(
            [
                lambda: Greater(measure=measure, arm=arm, than={"units": 3}),
                lambda: Rate(measure=measure, arm=arm, above=draw(JUNK)),
                lambda: Cited(source=draw(st.text())),
                lambda: draw(JUNK),
            ]
        )
    )
    field = draw(st.sampled_from([*Experiment.__dataclass_fields__]))
    made = {
        "claims": lambda: (
            (Claim(draw(JUNK), verdict=rule()),) * draw(st.integers(1, 2))
        ),
        "anchors": lambda: (
            Anchor(source="a", measure=measure, arm=draw(JUNK), value=1.0, read=True),
        ),
        "outputs": lambda: Outputs(inputs=draw(JUNK), arm=arm, per=measure),
        "data": lambda: data.digits(
            train=draw(st.integers(-2, 2_000)), validation=draw(st.integers(-2, 2_000))
        ),
        "measures": lambda: (measures.LossAt(draw(st.integers(-1, 30)), window=5),),
    }
    return field, draw(
        st.sampled_from([lambda: draw(JUNK), made.get(field, lambda: draw(JUNK))])
    )


@pytest.mark.parametrize("count", SAMPLES)
def test_a_mistake_in_a_definition_is_one_line_that_says_what_came(count):
    seen = []

    @settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(parts(), st.sampled_from([*PROFILES]))
    def check(part, profile):
        field, value = part
        try:
            Experiment(**GOOD | {field: value()}).at(profile)
        except (DefinitionError, ValueError, TypeError) as error:
            # A rule's own mistakes are ValueErrors; the registry names their file.
            seen.append(error)

    check()
    assert [each for each in seen if "Received" not in str(each)] == []
    assert [each for each in seen if "\n" in str(each)] == []
    assert sum(isinstance(each, DefinitionError) for each in seen) > count / 4


WORDS = st.one_of(
    st.sampled_from(
        [
            "run",
            "list",
            "rnu",
            "render",
            "check",
            "squares",
            "width",
            "--profile",
            "smoke",
            "standrad",
            "--workers",
            "0",
            "-1",
            "two",
            "--experiments",
            "nowhere",
            "experiments/ledger.csv",
            "--help",
            "-h",
            "--",
            "",
            "run xor",
            "data ",
        ]
    ),
    st.text(max_size=6),
)


@pytest.mark.parametrize("count", SAMPLES)
def test_no_command_line_ends_in_a_traceback(tmp_path, monkeypatch, capsys, count):
    folder = make(tmp_path)
    (folder / "experiments" / "width_on_digits.py").unlink()  # nothing to train
    monkeypatch.chdir(folder)
    monkeypatch.setattr(supervisor, "Workers", workers)

    @settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(WORDS, max_size=4))
    def check(arguments):
        if "data" in arguments:
            return
        try:
            status = command.main(arguments)
        except SystemExit as stop:
            status = stop.code
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert status in (0, 1, 2)
        if status == 2 or (status == 1 and "check" not in arguments):
            assert len(err.strip().splitlines()) == 1, err
            assert err.startswith("study: ")

    check()
