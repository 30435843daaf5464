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
    "architectures_of_blocks",
    "augmentation",
    "backprop_gradient_against_depth",
    "backprop_gradient_formulas",
    "backprop_worked_example",
    "batch_normalization_as_regularizer",
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
    "batch_size_seconds_to_95",
    "batch_size_throughput",
    "blocks_formulas",
    "citations",
    "critical_points_hessian",
    "drop_connect",
    "dropout_at_test_time",
    "dropout_best_results",
    "dropout_co_adaptation",
    "dropout_cost",
    "dropout_cost_of_a_step",
    "dropout_data_size",
    "dropout_ensemble",
    "dropout_keep_probability",
    "dropout_mask_per_epoch",
    "dropout_masks_drawn",
    "dropout_on_few_images",
    "early_stopping",
    "global_pooling_head",
    "gradient_descent_convergence_rate",
    "initialization_activation_histograms",
    "initialization_and_pretraining",
    "initialization_at_zero",
    "initialization_ladder_on_mnist",
    "initialization_on_mnist",
    "l1_zeros",
    "newton_against_gradient_descent",
    "optimizers_formulas",
    "optimizers_on_mnist",
    "optimizers_paths",
    "optimizers_surfaces",
    "optimizers_tuned_on_mnist",
    "output_heads",
    "overfitting_on_few_images",
    "overfitting_polynomial_ridge",
    "random_search",
    "random_search_best_five",
    "random_search_draws",
    "regularizers_compared",
    "regularizers_formulas",
    "residual_depth",
    "schedules_on_mnist",
    "schedules_sequences",
    "sgd_escape_from_local_minima",
    "sgd_step_sizes",
    "stochastic_pooling",
    "tensorboard_tags",
    "three_way_split",
    "universal_approximation_width_depth",
    "weight_decay_formulas",
    "weight_decay_on_few_images",
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
