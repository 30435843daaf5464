"""Layers that the lectures name: masks and noise, normalization, blocks.

Whether they train is what a call says with `training`, on PyTorch, too: of a model's
`train()` and `eval()` no layer of Keras takes notice.
"""

from study.layers.batch_normalization import BatchNormalization
from study.layers.drop_connect import DropConnect
from study.layers.dropout import Dropout
from study.layers.fast_forward import FastForward
from study.layers.maxout import Maxout
from study.layers.poly_inception import PolyInception
from study.layers.residual import Residual
from study.layers.simple_recurrent import SimpleRecurrent
from study.layers.split_and_merge import SplitAndMerge
from study.layers.stochastic_pooling import StochasticPooling2D

__all__ = [
    "BatchNormalization",
    "DropConnect",
    "Dropout",
    "FastForward",
    "Maxout",
    "PolyInception",
    "Residual",
    "SimpleRecurrent",
    "SplitAndMerge",
    "StochasticPooling2D",
]
