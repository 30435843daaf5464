"""Each: *depends*, with the reason on what, and false words."""

import numpy as np
import pytest
from synthetic import as_table, grid, share, words

from study.lab.rules.verdicts import Each, Greater, Lowers, Margin, Shape, judge
from study.lab.rules.words import Word

ONE = Margin(1.0, because="a test")
DEPTHS = (5, 10, 20)


def part(depth, margin=ONE):
    arm, than = grid(depth=[depth], norm=["batch", "none"])
    return Lowers(measure="m", arm=arm, than=than, margin=margin)


EACH = Each(*map(part, DEPTHS))


def runs(effects, gains):
    """Let batch normalization lower `m` by an effect and a gain at each depth."""
    found = []
    for depth, effect in zip(DEPTHS, effects, strict=True):
        arm, than = grid(depth=[depth], norm=["batch", "none"])
        found += [(arm, {"m": -effect - gains()}), (than, {"m": np.zeros(10)})]
    return found


def drawn(*effects):
    return lambda random: runs(effects, lambda: random.normal(0, 1, 10))


def judged(*effects, rule=EACH, **how):
    """Judge runs of exactly these mean effects, known to a quarter."""
    exactly = runs(effects, lambda: 0.3 * np.tile([-1.0, 1.0], 5))
    return judge(rule, as_table(exactly), claims=1, **how)


@pytest.mark.parametrize(
    ("effects", "word", "reason"),
    [
        ((9, 9, 0), "depends", "up to depth 10, not at 20"),
        ((0, 9, 9), "depends", "from depth 10 on, not at 5"),
        ((9, 0, 9), "depends", "at depth 5 and 20, not at 10"),
        ((9, 0, 0), "depends", "at depth 5, not at 10 and 20"),
        ((9, 0.9, 0), "depends", "at depth 5, not at 20; open at depth 10"),
        (
            (9, 8, 7),
            "reproduced",
            "least certain: m lower with norm batch than without norm (at depth 20)",
        ),
        ((0, 0, -3), "contradicted", "in all, farthest from it: m lower with norm"),
        ((9, 0.9, 9), "unresolved", "undecided: m lower with norm batch than"),
        ((0, 0.9, 0), "unresolved", "not at depth 5 and 20; open at depth 10"),
    ],
)
def test_the_word_and_on_what_it_depends(effects, word, reason):
    verdict = judged(*effects)
    assert verdict.word == word
    assert verdict.reason.startswith(reason)


def test_a_shape_of_the_same_parts_keeps_its_word():
    shape = Shape(*EACH.comparisons)
    assert judged(9, 9, 0, rule=shape).word == "contradicted"
    assert judged(9, 9, 9, rule=shape).word == "reproduced"


def test_its_numbers_are_those_of_a_contradicted_part():
    verdict = judged(9, 9, -3)
    assert verdict.rule is EACH.comparisons[2]
    assert verdict.effect < 0
    assert [each.word for each in verdict.parts] == ["reproduced"] * 2 + [
        "contradicted"
    ]


def test_scaled_down_it_does_not_depend_but_is_open():
    verdict = judged(9, 9, 0, scaled=True)
    assert (verdict.word, verdict.unscaled) == ("unresolved (scaled)", "depends")
    assert verdict.reason == "at this scale up to depth 10, not at 20"


def test_each_part_has_its_share_of_the_error():
    table = as_table(drawn(9, 9, 9)(np.random.default_rng(1)))
    alone = judge(part(5), table, claims=3)
    assert judge(EACH, table, claims=1).parts[0] == alone


def test_fresh_seeds_judge_what_is_open_unless_it_depends_already():
    held, lost, left = Word.REPRODUCED, Word.CONTRADICTED, Word.UNRESOLVED
    assert EACH.undecided([held, left, held]) == [part(10)]
    assert EACH.undecided([lost, left, lost]) == [part(10)]
    assert EACH.undecided([held, left, lost]) == []


def test_it_tells_its_parts_by_number():
    first, *rest = EACH.sentences()
    assert first.startswith("Reproduced if all of these are, contradicted if all are")
    assert [each[:5] for each in rest] == ["(1) L", "(2) L", "(3) L"]


def test_what_is_no_comparison_is_refused():
    with pytest.raises(TypeError, match=r"another rule on arms\. Received: 'm'"):
        Each("m")
    with pytest.raises(ValueError, match="expected at least one"):
        Each()


# A margin far below the noise lets most of noise pass for an effect.
SLIGHT = Margin(0.1, because="a test")
NOISY = Each(*(part(depth, SLIGHT) for depth in DEPTHS))


@pytest.mark.parametrize(
    ("effects", "false"),
    [
        ((0.1, 0.1, 0.1), ("depends", "contradicted")),
        ((0, 0, 0), ("depends", "reproduced")),
        ((0.1, 0.1, 0), ("reproduced", "contradicted")),
    ],
    ids=["all hold", "none holds", "it depends"],
)
@pytest.mark.usual("it depends")
def test_at_most_5_percent_of_4000_pages_are_wrong(effects, false, past_pandas):
    found, most = share(words(NOISY, drawn(*effects)), *false)
    assert found <= most


@pytest.mark.slow
def test_parts_judged_as_if_each_stood_alone_would_be_caught(past_pandas):
    """Of three parts without an effect, one is then shown in 14 % of the pages."""
    found = [words(part(depth, SLIGHT), drawn(0, 0, 0)) for depth in DEPTHS]
    wrong = [("reproduced" in each) for each in zip(*found, strict=True)]
    assert np.mean(wrong) > share(found[0])[1]


def test_it_takes_the_older_comparisons_too():
    """A definition asks for *depends* by another name of its rule alone."""
    parts = [
        Greater(measure="m", arm=each.than, than=each.arm, delta=1.0)
        for each in EACH.comparisons
    ]
    assert judged(9, 9, 0, rule=Each(*parts)).word == "depends"
