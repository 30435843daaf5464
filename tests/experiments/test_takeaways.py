"""Every finding says first what it found, whatever came out, from its own tables."""

from pathlib import Path

import pytest

from study.lab.declare import registry
from study.lab.show.book import Book
from study.lab.show.page import load_page
from study.lab.show.takeaway import filled

ROOT = Path(__file__).parents[2]
EXPERIMENTS = ROOT / "experiments"
NAMES = sorted(path.stem for path in EXPERIMENTS.glob("*.py"))
# They have none yet.
MISSING = {
    "activations_convergence_race",
    "activations_cost",
    "activations_relu_dead_units",
    "activations_sparse_products",
    "activations_sparsity_as_dropout",
    "augmentation",
    "backprop_gradient_against_depth",
    "backprop_gradient_formulas",
    "backprop_worked_example",
    "batch_normalization_batch_size",
    "batch_normalization_formula",
    "batch_normalization_gradient_flow",
    "batch_normalization_initial_scale",
    "batch_normalization_learning_rate",
    "batch_normalization_placement",
    "batch_normalization_starts",
    "batch_size_convergence",
    "batch_size_formulas",
    "batch_size_gradient_variance",
    "blocks_formulas",
    "citations",
    "critical_points_hessian",
    "optimizers_tuned_on_mnist",
}
SPOKEN = sorted({*NAMES} - MISSING)


def test_every_finding_has_a_takeaway(entries):
    silent = {name for name, each in entries.items() if not each.definition.takeaway}
    assert silent == MISSING


@pytest.mark.parametrize("name", SPOKEN)
def test_every_text_can_be_filled_from_the_tables_there_are(entries, name):
    folder = ROOT / "reports" / name
    if not (folder / "provenance.json").is_file():
        pytest.skip(f"{name} has no committed tables yet")
    page = load_page(entries[name], folder, "standard")
    more = {"held": "1 of 2", "where": "with one, not with two"}
    for each in page.definition.takeaway.texts:
        assert "{" not in filled(page, each, more)
    assert Book(registry.ledger(EXPERIMENTS), [page]).takeaway(page)
