"""Dropout and the number of images: sizes are compared with what they should be."""

from itertools import pairwise

import pytest
from modules import module

FINDING = module("dropout_data_size")
EXPERIMENT = FINDING.EXPERIMENT


@pytest.mark.parametrize("profile", ["standard", "paper"])
def test_every_size_is_trained_for_as_many_updates(profile):
    definition = EXPERIMENT.at(profile)
    sizes = definition.vary["train"]
    assert len({definition.budget({"train": each}) for each in sizes}) == 1


@pytest.mark.parametrize("profile", ["standard", "paper"])
def test_more_images_without_dropout_are_held_against_the_next_fewer_with_it(profile):
    definition = EXPERIMENT.at(profile)
    (found,) = (x.verdict for x in definition.claims if x.id == "d1-14")
    for each in found.rule.comparisons:
        assert (each.arm["kept"], each.than["kept"]) == ("all", "half")
        assert each.arm["train"] > each.than["train"]
    fewer = {each.than["train"] for each in found.rule.comparisons}
    assert {each.rule.arm["train"] for each in found.controls} == fewer


def test_where_no_dropout_is_each_size_is_held_against_the_next_smaller():
    definition = module("overfitting_on_few_images").EXPERIMENT
    (found,) = (x.verdict for x in definition.claims if x.id == "d4-21")
    sizes = definition.vary["train"]
    steps = {(x.than["train"], x.arm["train"]) for x in found.rule.comparisons}
    assert steps == {*pairwise(sizes)}
    assert [each.rule.arm["train"] for each in found.controls] == [*sizes[:-1]]


def test_the_paper_judges_d0_34_at_the_sources_size():
    scaled = {
        profile: EXPERIMENT.at(profile).scaled(EXPERIMENT.at(profile).claims[0])
        for profile in ("standard", "paper")
    }
    assert scaled["standard"].startswith("2,000 of 60,000 examples")
    assert scaled["paper"] == ""
