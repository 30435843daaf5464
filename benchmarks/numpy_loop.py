"""Train with NumPy in the style of the lectures' source book, in float64.

Saito's networks take a whole batch as a matrix, layer by layer, there and back.
"""

import numpy as np

from benchmarks.contestant import Peer


class NumpyLoop(Peer):
    """Back-propagate by hand, one run."""

    def __init__(self, work, weights, x, y):
        self.work = work
        self.layers = work.layers([each.astype("float64") for each in weights[0]])
        self.velocities = [[np.zeros_like(v) for v in layer] for layer in self.layers]
        self.moving = [
            [np.zeros(layer[1].shape), np.ones(layer[1].shape)] for layer in self.layers
        ]
        self.x = x.astype("float64")
        self.y = y if work.widths[-1] == 1 else np.eye(work.widths[-1])[y]
        self.random = np.random.default_rng(0)

    def train(self, steps, batches):
        losses = np.empty((steps, 1))
        for step in range(steps):
            if batches is None:
                losses[step] = self._step(self.x, self.y)
            else:
                index = batches[step, 0]
                losses[step] = self._step(self.x[index], self.y[index])
        return losses

    def _step(self, x, y):
        outputs, kept = self._forward(x)
        gradients = self._backward((outputs - y) / len(x), kept)
        for layer, velocity, gradient in zip(
            self.layers, self.velocities, gradients, strict=True
        ):
            for v, m, g in zip(layer, velocity, gradient, strict=True):
                m *= self.work.momentum
                m -= self.work.rate * g
                v += m
        if self.work.widths[-1] == 1:
            return -np.mean(y * np.log(outputs) + (1 - y) * np.log(1 - outputs))
        return -np.mean(np.log((outputs * y).sum(axis=1)))

    def _forward(self, a):
        kept, last = [], len(self.layers) - 1
        for i, layer in enumerate(self.layers):
            mask = self._mask(a.shape, i)
            a = a if mask is None else a * mask
            z = a @ layer[0] + layer[1]
            normal = None
            if i < last and self.work.batch_norm:
                mean, variance = z.mean(axis=0), z.var(axis=0)
                for moving, new in zip(self.moving[i], (mean, variance), strict=True):
                    moving += 0.01 * (new - moving)
                root = np.sqrt(variance + 1e-3)
                normal = (z - mean) / root, root
                z = layer[2] * normal[0] + layer[3]
            inputs, a = a, self._activation(z, i == last)
            kept.append((inputs, mask, normal, a))
        return a, kept

    def _mask(self, shape, i):
        if self.work.dropout is None:
            return None
        rate = self.work.dropout[i > 0]
        return (self.random.random(shape) >= rate) / (1 - rate)

    def _activation(self, z, last):
        if last and self.work.widths[-1] > 1:
            e = np.exp(z - z.max(axis=1, keepdims=True))
            return e / e.sum(axis=1, keepdims=True)
        if last or self.work.activation == "sigmoid":
            return 1 / (1 + np.exp(-z))
        return np.maximum(z, 0)

    def _backward(self, delta, kept):
        gradients = []
        for i in reversed(range(len(kept))):
            inputs, mask, normal, _ = kept[i]
            layer, scale = self.layers[i], []
            if normal is not None:
                z, root = normal
                scale = [(delta * z).sum(axis=0), delta.sum(axis=0)]
                n = len(delta)
                delta = (n * delta - scale[1] - z * scale[0]) * layer[2] / root / n
            gradients.append([inputs.T @ delta, delta.sum(axis=0), *scale])
            if i == 0:
                break
            delta = delta @ layer[0].T
            if mask is not None:
                delta *= mask
            a = kept[i - 1][3]
            delta *= a * (1 - a) if self.work.activation == "sigmoid" else a > 0
        return gradients[::-1]
