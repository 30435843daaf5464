"""Give a network its first weights by looking at data or at another network.

Each function works in place on a built model.
"""

from study.pretraining.lsuv import lsuv
from study.pretraining.rbm import RBM, pretrain
from study.pretraining.warm_start import warm_start

__all__ = ["RBM", "lsuv", "pretrain", "warm_start"]
