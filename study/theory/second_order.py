"""What a second-order term makes of a function, and of a gradient step."""

from dataclasses import dataclass

import keras
import numpy as np

from study.gradients import gradient, hessian
from study.optimizers.newton import newton
from study.theory.problems import Problem


def left(problem, x, length=1e-3):
    """Tell what is left of f beside its value, its slope and a second-order term.

    Over ‖y - x‖², at 360 points y around `x`, it must vanish for a second-order model.
    A Hessian times ‖y - x‖² is a matrix, so the best number stands for it: the one in
    the middle of the curvatures.

    Args:
        problem: `Problem` of two coordinates with a Hessian.
        x: Point, (2,).
        length: The distance ‖y - x‖. Defaults to `1e-3`.

    Returns:
        What ½ · number · ‖y - x‖² and ½ (y - x)ᵀ∇²f(x)(y - x) leave, at most.
    """
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    steps = length * np.column_stack([np.cos(angles), np.sin(angles)])
    matrix = problem.hessian(x)
    rest = problem.value(x + steps) - problem.value(x) - steps @ problem.slope(x)
    curvatures = np.linalg.eigvalsh(matrix)
    number = (curvatures[0] + curvatures[-1]) / 2
    terms = number * length**2 / 2, (steps * (steps @ matrix)).sum(-1) / 2
    return tuple(abs(rest - each).max() / length**2 for each in terms)


@dataclass(frozen=True)
class StepModel:
    """The function of y that a gradient step minimizes, for `study.gradients`.

    Formula: f(x) + ∇f(x) · (y - x) + ‖y - x‖² / (2t).

    Args:
        problem: `Problem` that is descended.
        x: Point, (size,).
        t: Step size.
    """

    problem: Problem
    x: np.ndarray
    t: float

    def __call__(self, y):
        """Return the model at points y, (..., size)."""
        slope = self.problem.slope(self.x)
        linear = keras.ops.sum(slope * (y - self.x), axis=-1)
        square = keras.ops.sum((y - self.x) ** 2, axis=-1)
        return self.problem.value(self.x) + linear + square / (2 * self.t)

    @property
    def least(self):
        """Return where it is least: x⁺ = x - t ∇f(x)."""
        return self.x - self.t * self.problem.slope(self.x)

    def off_its_distance(self):
        """Return how far it is above its least value beside ‖y - x⁺‖² / (2t).

        It is looked at on a grid of 41 × 41 points around `x`.
        """
        grid = np.meshgrid(*[np.linspace(-5, 5, 41)] * 2)
        around = self.x + np.stack(grid, -1).reshape(-1, 2)
        above = keras.ops.convert_to_numpy(self(around) - self(self.least))
        return above - ((around - self.least) ** 2).sum(-1) / (2 * self.t)

    def errors(self):
        """Yield (what is claimed of the model, quantity, its largest error).

        Claims are "proximity": a gradient step minimizes the model, which grows with
        the squared distance from there; and "replacement": the model's Hessian is I/t,
        with which Newton's step is the gradient step.
        """
        matrix, slope = hessian(self, self.x), self.problem.slope(self.x)
        after = self.least
        least = newton(self, self.x).x
        step = self.x - np.linalg.solve(matrix, slope)
        flat = self.t * np.linalg.eigvalsh(matrix) - 1
        for claim, quantity, error in (
            ("proximity", "least value by Newton's method", least - after),
            ("proximity", "distance from the least value", self.off_its_distance()),
            ("replacement", "t · eigenvalues of the model's Hessian − 1", flat),
            ("replacement", "Newton's step with that Hessian", step - after),
        ):
            yield claim, quantity, abs(error).max()

    def norms(self):
        """Yield the slopes at x⁺ of the model, which is 0, and of f, as norms."""
        for quantity, slope in (
            ("slope of the model at x⁺", gradient(self, self.least)),
            ("slope of f at x⁺", self.problem.slope(self.least)),
        ):
            yield quantity, np.linalg.norm(slope)
