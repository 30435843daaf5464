"""One spelling, that of Keras: American, in all that is written by hand."""

import functools
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Rendered from what is checked, and not ours.
ELSEWHERE = ("reports/", "LICENSE")
OF_IZE = (
    "author|categor|character|emphas|general|initial|local|maxim|minim|normal|optim|"
    "organ|parallel|parametr|penal|quant|random|real|recogn|regular|scal|serial|"
    "special|standard|summar|symbol|synchron|token|util|vector|visual"
)
# British spellings, as expressions, to American ones.
SPELLINGS = {
    rf"({OF_IZE})is(?=(?:e|ed|er|ers|es|ing|able|ation|ations|ational)(?![a-z]))": (
        r"\1iz"
    ),
    r"(ana|cata|para)lys(?=(?:e|ed|er|ing)(?![a-z]))": r"\1lyz",
    "(behavi|col|fav|flav|harb|hon|lab|neighb|rum|vap)our": r"\1or",
    "(cent|fib|lit|theat)re(?=s?(?![a-z]))": r"\1er",
    "(cancel|channel|fuel|label|level|model|signal|total|travel)l(?=ed|ing|er)": r"\1",
    "(def|lic|off)ence": r"\1ense",
    "(ana|cata|dia)logue": r"\1log",
    "artefact": "artifact",
    "grey": "gray",
    "judgement": "judgment",
    "(mis)?spelt": r"\1spelled",
    "learnt": "learned",
    "programme(?=s?(?![a-z]))": "program",
    "sceptic": "skeptic",
    "storey": "story",
    "whilst": "while",
}
BRITISH = [re.compile(each, re.IGNORECASE) for each in SPELLINGS]
LAB = ("study/lab/", "tests/lab/")
# Names in code that stay, to where and why.
OLD_NAMES = {
    "labelledby": ("study/", "an attribute of HTML"),
    "relabelled": (LAB, "runs with random labels are known by its name"),
    "minimised": ("experiments/weight_decay_formulas.py", "its run is known by it"),
    "summarise": (
        (*LAB, "experiments/figures/"),
        "figures say by what code they were drawn",
    ),
    "labelled": ("study/lab/rules/", "figures say by what code they were drawn"),
}


def british(text):
    """Yield the words of a text that are spelled as the British do, with their line."""
    for number, line in enumerate(text.splitlines(), 1):
        for word in re.findall(r"\w+", line):
            if is_british(word):
                yield number, word


@functools.cache
def is_british(word):
    return any(each.search(word) for each in BRITISH)


def american(word):
    for spelling, ours in zip(BRITISH, SPELLINGS.values(), strict=True):
        word = spelling.sub(ours, word)
    return word


def stays(name, word):
    where, _ = OLD_NAMES.get(word, (None, ""))
    return where is not None and name.startswith(where)


def test_every_text_that_is_written_by_hand_is_spelled_as_keras_spells():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("expected a clone: without git nobody knows what is ours")
    wrong, old = [], set()
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if name.startswith(ELSEWHERE) or not path.is_file() or path == Path(__file__):
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:  # no text
            continue
        for number, word in british(text):
            if stays(name, word):
                old.add(word)
            else:
                wrong.append(f"{name}:{number}: {word}, expected {american(word)}")
    assert not wrong, "\n".join(wrong)
    assert old == {*OLD_NAMES}


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        ("Initialisation", "Initialization"),
        ("penalised_softmax", "penalized_softmax"),
        ("colours", "colors"),
        ("analysed", "analyzed"),
        ("modelling", "modeling"),
        ("centres", "centers"),
        ("Greyscale", "Grayscale"),
        ("misspelt", "misspelled"),
    ],
)
def test_a_british_spelling_is_seen_with_its_line(word, ours):
    assert [*british(f"one\ntwo {word}.")] == [(2, word)]
    assert american(word).lower() == ours.lower()


@pytest.mark.parametrize(
    "word",
    ["realistic", "analyses of", "precise", "noise", "four", "organism", "channel"],
)
def test_a_word_that_looks_alike_is_left_alone(word):
    assert [*british(word)] == []
