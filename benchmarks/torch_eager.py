"""Train with PyTorch the usual way: a module, an optimizer, a loop over batches."""

import torch
from torch import nn

from benchmarks import torch_device
from benchmarks.contestant import Peer
from benchmarks.torch_device import put


class TorchEager(Peer):
    """Run PyTorch's eager loop, one run."""

    memory = staticmethod(torch_device.memory)

    def __init__(self, work, weights, x, y):
        self.model = model(work, weights[0]).to(torch_device.DEVICE)
        self.optimizer = torch.optim.SGD(
            self.model.parameters(), lr=work.rate, momentum=work.momentum
        )
        binary = work.widths[-1] == 1
        self.loss = nn.BCEWithLogitsLoss() if binary else nn.CrossEntropyLoss()
        self.x = put(x)
        self.y = put(y if binary else y.astype("int64"))

    def train(self, steps, batches):
        indices = None if batches is None else put(batches[:, 0])
        losses = []
        for step in range(steps):
            x, y = self.x, self.y
            if indices is not None:
                x, y = x[indices[step]], y[indices[step]]
            losses.append(self.step(x, y))
        return torch.stack(losses).cpu().numpy()[:, None]

    def step(self, x, y):
        """Take one step and return the loss before it."""
        self.optimizer.zero_grad()
        loss = self.loss(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        return loss.detach()


def model(work, weights):
    """Build a work's network, with logits for outputs, from given weights."""
    layers, values = [], work.layers(weights)
    for i, (kernel, bias, *scale) in enumerate(values):
        if work.dropout is not None:
            layers.append(nn.Dropout(work.dropout[i > 0]))
        dense = nn.Linear(*kernel.shape)
        _fill(dense, kernel.T, bias)
        layers.append(dense)
        if i == len(values) - 1:
            break
        if scale:  # Keras's settings
            layers.append(nn.BatchNorm1d(len(bias), eps=1e-3, momentum=0.01))
            _fill(layers[-1], *scale)
        layers.append(nn.Sigmoid() if work.activation == "sigmoid" else nn.ReLU())
    return nn.Sequential(*layers)


def _fill(layer, weight, bias):
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weight))
        layer.bias.copy_(torch.from_numpy(bias))
