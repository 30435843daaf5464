"""Keras components that deep-learning lectures name, and a lab to test their claims."""

from study import initializers as initializers
