"""What a test set alone leaves open of an error measured on it."""

from study.lab.data import Data
from study.lab.data.prepared import Prepared
from study.lab.declare.experiment import Experiment
from study.lab.declare.measures import TestError


def test_images(data: Data) -> int | None:
    """Return how many images a test set has; None where it is none of many images."""
    many = data.name == "MNIST" or isinstance(data.read, Prepared)
    return data.form.tests if many else None


def noise_floor(page, measure: str, error: float) -> float | None:
    """Return what the test set alone leaves open of an error, in percentage points.

    It is the half-width of a binomial 95 % interval; None for a measure that is not a
    share of a test set of many examples.
    """
    if not isinstance(page.definition, Experiment):
        return None
    (found,) = (each for each in page.definition.measures if each.name == measure)
    images = test_images(page.definition.data)
    if not isinstance(found, TestError) or images is None:
        return None
    share = error / 100
    return 196 * float(share * (1 - share) / images) ** 0.5
