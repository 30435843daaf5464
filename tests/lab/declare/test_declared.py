"""What a definition declares is told from what it only shows."""

import pytest

from study.lab.declare.declared import declared

TEXT = '''"""One sentence."""

from study.lab.declare.finding import Claim, Experiment

STEPS = 100
WORDS = "shown"
A, B = 1, 2


def model(units=A):
    """Return a network."""
    return units


def idle():
    return B


EXPERIMENT = Experiment(
    title=WORDS,
    claims=(Claim("d1-01", Less(delta=0.5)),),
    model=model,
    steps=STEPS,
    figures=(Points("m", rows=idle()),),
)
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("One sentence.", "Another."),
        ("import Claim, Experiment", "import Experiment, Claim"),
        ("Return a network.", "Return nothing."),
        ('WORDS = "shown"', 'WORDS = "other"'),
        ("title=WORDS,", 'title="t",  # a comment'),
        ("return B", "return 3"),
        ("figures=(", "tables=("),
        ("figures=(", "takeaway=Takeaway(shows='It is.'), figures=("),
    ],
)
def test_what_only_shows_is_no_change(old, new):
    assert old in TEXT
    assert declared(TEXT.replace(old, new)) == declared(TEXT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("delta=0.5", "delta=0.1"),
        ("STEPS = 100", "STEPS = 200"),
        ("A, B = 1, 2", "A, B = 2, 2"),
        ("return units", "return units + 1"),
        ("model=model", "model=idle"),
    ],
)
def test_a_rule_a_setting_or_what_they_reach_is_one(old, new):
    assert old in TEXT
    assert declared(TEXT.replace(old, new)) != declared(TEXT)


def test_a_file_that_defines_nothing_declares_nothing():
    assert declared("") == declared("x = 1") == ""
