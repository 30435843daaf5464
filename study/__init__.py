"""Keras components that deep-learning lectures name, and a lab to test their claims."""

from study import activations as activations
from study import augmentation as augmentation
from study import callbacks as callbacks
from study import constraints as constraints
from study import gradients as gradients
from study import initializers as initializers
from study import layers as layers
from study import losses as losses
from study import optimizers as optimizers
from study import pretraining as pretraining
from study import probes as probes
from study import regularizers as regularizers
from study import schedules as schedules
