"""Train many runs at once with `torch.func.vmap` over the gradient of one."""

import numpy as np
import torch
from torch.func import grad_and_value, vmap
from torch.nn import functional as F

from benchmarks import torch_device
from benchmarks.contestant import Peer
from benchmarks.torch_device import put


class TorchVmap(Peer):
    """Run a stack of networks with PyTorch's function transforms."""

    memory = staticmethod(torch_device.memory)

    def __init__(self, work, weights, x, y):
        self.work = work
        stacked = [np.stack(values) for values in zip(*weights, strict=True)]
        self.weights = [put(each) for each in stacked]
        self.velocities = [torch.zeros_like(each) for each in self.weights]
        self.moving = [
            torch.full((len(weights), units), start, device=torch_device.DEVICE)
            for units in work.widths[1:-1]
            for start in (0.0, 1.0)
            if work.batch_norm
        ]
        self.x = put(x)
        self.y = put(y if work.widths[-1] == 1 else y.astype("int64"))
        batch = None if work.batch is None else 0
        self._gradient = vmap(
            grad_and_value(self._loss, has_aux=True),
            in_dims=(0, 0, batch, batch),
            randomness="different",
        )

    def train(self, steps, batches):
        indices = None if batches is None else put(batches)
        losses = []
        for step in range(steps):
            x, y = self.x, self.y
            if indices is not None:
                x, y = x[indices[step]], y[indices[step]]
            gradients, (loss, self.moving) = self._gradient(
                self.weights, self.moving, x, y
            )
            self._update(gradients)
            losses.append(loss)
        return torch.stack(losses).cpu().numpy()

    def _update(self, gradients):
        if self.work.momentum:
            torch._foreach_mul_(self.velocities, self.work.momentum)
            torch._foreach_add_(self.velocities, gradients)
            gradients = self.velocities
        torch._foreach_add_(self.weights, gradients, alpha=-self.work.rate)

    def _loss(self, weights, moving, a, y):
        layers, moved = self.work.layers(weights), []
        for i, (kernel, bias, *scale) in enumerate(layers):
            if self.work.dropout is not None:
                a = F.dropout(a, self.work.dropout[i > 0])
            a = a @ kernel + bias
            if i == len(layers) - 1:
                break
            if scale:
                variance, mean = torch.var_mean(a, 0, correction=0)
                a = (a - mean) * torch.rsqrt(variance + 1e-3) * scale[0] + scale[1]
                for old, new in zip(moving[2 * i :], (mean, variance), strict=False):
                    moved.append(old + 0.01 * (new.detach() - old))
            a = torch.sigmoid(a) if self.work.activation == "sigmoid" else torch.relu(a)
        if self.work.widths[-1] == 1:
            return F.binary_cross_entropy_with_logits(a, y), moved
        return F.cross_entropy(a, y), moved
