"""The worlds that simulations run in: problems, ways down them, printed formulas.

All of it is NumPy in float64, but for what is differentiated or taken by a component.
"""
