"""`study new`: asks, or takes options; writes what runs as it is, and over nothing."""

import io
import os
import re

import numpy as np
import pytest
from processes import python

from study.lab.declare import registry
from study.lab.execute.command import main

OPTIONS = {
    "--claim": "ReLU errs less than tanh.",
    "--lecture": "My lecture",
    "--sweep": "activation",
    "--arm": "relu",
    "--than": "tanh",
    "--says": "lowers",
    "--measure": "test_error",
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return tmp_path


def new(name="relu", **changes):
    told = OPTIONS | {f"--{key}": value for key, value in changes.items()}
    options = [part for pair in told.items() if pair[1] is not None for part in pair]
    return main(["new", *[name] * bool(name), *options])


def ledger(place):
    rows = registry.ledger(place / "lecture").values()
    return [(each.id, each.lecture, each.claim) for each in rows]


def test_options_write_a_definition_and_a_line_that_belong_together(place, capsys):
    assert new() == 0
    assert (
        new(
            "dropout",
            claim='With "half"\u2026, less.',
            sweep="dropout",
            arm="0.5",
            than="0",
        )
        == 0
    )
    assert ledger(place) == [
        ("own-1", "My lecture", "ReLU errs less than tanh."),
        ("own-2", "My lecture", 'With "half"…, less.'),
    ]
    findings = registry.load_all(place / "lecture")
    assert {name: each.definition.claims[0].id for name, each in findings.items()} == {
        "relu": "own-1",
        "dropout": "own-2",
    }
    out = capsys.readouterr().out
    assert f"run {os.path.join('lecture', 'dropout.py')} --data" in out


def test_what_no_option_tells_is_asked_until_it_will_do(place, monkeypatch, capsys):
    answers = ["activatio", "activation", "relo", "relu", "relu", "tanh", "relu"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers)))
    assert new(name=None, sweep=None, arm=None, than=None) == 0
    out, err = capsys.readouterr()
    assert "In what two networks differ (activation, " in out
    assert err.splitlines() == [
        "study: --sweep: expected one that is there. Received: 'activatio'; did you "
        "mean 'activation'?",
        "study: --arm: expected a name of keras.activations. Received: 'relo'",
        "study: --than: expected another value than that of --arm. Received: 'relu', "
        "the same",
    ]
    assert (place / "lecture" / "relu.py").exists()


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"claim": None}, "expected an answer to “The claim, in one sentence”, or --"),
        ({"name": None}, "or a NAME. Received: none"),
        ({"claim": " "}, "--claim: expected a sentence of at most 500 characters"),
        ({"claim": "two\nlines"}, "on one line. Received: 'two\\nlines'"),
        ({"lecture": "x" * 501}, "--lecture: expected a sentence"),
        ({"sweep": "activations"}, "did you mean 'activation'?"),
        ({"arm": "relo"}, "--arm: expected a name of keras.activations."),
        ({"sweep": "dropout", "arm": "1", "than": "0"}, "less than 1. Received: '1'"),
        ({"sweep": "units", "arm": "8", "than": "08"}, "--than: expected another"),
        ({"says": "lower"}, "--says: expected one that is there. Received: 'lower'"),
        ({"measure": "error"}, "--measure: expected one that is there."),
        ({"name": "Relu"}, "name: expected small letters, digits and _"),
        ({"name": "../relu"}, "Received: '../relu'"),
        ({"folder": "file"}, "--folder: expected a folder. Received: file, a file"),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(place, capsys, changes, part):
    (place / "file").touch()
    assert new(**changes) == 1
    err = capsys.readouterr().err
    assert part in err
    assert err.startswith("study: ")
    assert err.count("\n") == 1
    assert [*place.iterdir()] == [place / "file"]


def test_nothing_is_overwritten(place, capsys):
    assert new() == 0
    before = {path: path.read_bytes() for path in (place / "lecture").iterdir()}
    assert new(claim="Another.") == 1
    assert "relu.py exists, and nothing is overwritten" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("id,claim\n", "expected the columns id, lecture, lines, kind, claim."),
        ("id,lecture,lines,kind,claim\na,b\n", "line 2: expected 5 cells."),
    ],
)
def test_a_ledger_that_is_none_stays_as_it_is(place, capsys, text, part):
    path = place / "lecture" / "ledger.csv"
    path.parent.mkdir()
    path.write_text(text)
    assert new() == 1
    assert part in capsys.readouterr().err
    assert path.read_text() == text
    assert [*path.parent.iterdir()] == [path]


def test_lines_of_a_ledger_are_kept_and_numbered_on(place):
    path = place / "lecture" / "ledger.csv"
    path.parent.mkdir()
    path.write_text("id,lecture,lines,kind,claim\nown-7,Hers,3,fact,One.\nx,,,,")
    assert new() == 0
    assert [id for id, *_ in ledger(place)] == ["own-7", "x", "own-8"]


@pytest.mark.slow
def test_a_claim_is_judged_on_data_of_ones_own(place):
    draw = np.random.default_rng(0)
    y = np.arange(900) % 3
    x = draw.normal(size=(900, 8)) + 3 * np.eye(8)[y]
    parts = {"x_train": x[:600], "y_train": y[:600]}
    np.savez("mine.npz", **parts, x_test=x[600:], y_test=y[600:])
    claim = "Five layers err less than none."
    assert new("deep", claim=claim, sweep="layers", arm="5", than="0") == 0
    path = place / "lecture" / "deep.py"
    text = path.read_text()
    for large, small in (
        ("epochs=20", "epochs=2"),
        ("extension=10", "extension=0"),
        ("(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)", "(0.01, 0.1)"),
    ):
        assert large in text
        text = text.replace(large, small)
    path.write_text(text)
    options = ["--data", "mine.npz", "--out", "pages"]
    ran = python("-m", "study", "run", str(path), *options, cwd=place)
    assert ran.returncode == 0, ran.stderr
    (page,) = (place / "pages").glob("mine-*/deep/README.md")
    told = page.read_text()
    assert told.startswith("# Deep\n\n**With 5 hidden layers the test error is ")
    assert "Claims of the lecture *My lecture*." in told
    assert f"**own-1** {claim}" in told
    assert re.search(f"^own-1 [a-z]+.*: {claim}$", ran.stdout, flags=re.MULTILINE)
