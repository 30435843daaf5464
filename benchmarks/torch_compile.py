"""Train with PyTorch compiled: on a GPU each step is replayed as CUDA graphs."""

import torch

from benchmarks.torch_eager import TorchEager


class TorchCompiled(TorchEager):
    """Run the eager loop with network, loss and optimizer compiled, one run."""

    def __init__(self, work, weights, x, y):
        super().__init__(work, weights, x, y)

        def cost(x, y):
            return self.loss(self.model(x), y)

        self.cost = torch.compile(cost, mode="reduce-overhead")
        self.update = torch.compile(self.optimizer.step, mode="reduce-overhead")

    def step(self, x, y):
        torch.compiler.cudagraph_mark_step_begin()
        loss = self.cost(x, y)
        loss.backward()
        self.update()
        self.optimizer.zero_grad(set_to_none=True)
        return loss.detach().clone()  # the next replay writes over it

    @staticmethod
    def warm_up(work):
        return 20
