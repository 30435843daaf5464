"""What a test set alone leaves open of an error measured on it."""

from study.lab.declare.experiment import Experiment
from study.lab.declare.measures import TestError

TEST_IMAGES = {"MNIST": 10_000}


def noise_floor(page, measure: str, error: float) -> float | None:
    """Return what the test set alone leaves open of an error, in percentage points.

    It is the half-width of a binomial 95 % interval; None for a measure that is not a
    share of a test set of many examples.
    """
    if not isinstance(page.definition, Experiment):
        return None
    (found,) = (each for each in page.definition.measures if each.name == measure)
    images = TEST_IMAGES.get(page.definition.data.name)
    if not isinstance(found, TestError) or images is None:
        return None
    share = error / 100
    return 196 * float(share * (1 - share) / images) ** 0.5
