"""Dropout and the number of images: sizes are compared with what they should be."""

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
@pytest.mark.parametrize(("claim", "kept"), [("d1-14", "half"), ("d4-21", "all")])
def test_more_images_without_dropout_are_held_against_the_next_fewer(
    profile, claim, kept
):
    (found,) = (x for x in EXPERIMENT.at(profile).claims if x.id == claim)
    controlled = found.verdict
    for each in controlled.rule.comparisons:
        assert each.arm["kept"] == "all"
        assert each.than["kept"] == kept
        assert each.arm["train"] > each.than["train"]
    fewer = {each.than["train"] for each in controlled.rule.comparisons}
    assert {each.rule.arm["train"] for each in controlled.controls} == fewer


def test_the_paper_judges_d0_34_at_the_sources_size():
    scaled = {
        profile: EXPERIMENT.at(profile).scaled(EXPERIMENT.at(profile).claims[0])
        for profile in ("standard", "paper")
    }
    assert scaled["standard"].startswith("2,000 of 60,000 examples")
    assert scaled["paper"] == ""
