"""The worlds that simulations run in: functions, ways down them, networks by hand.

All of it is NumPy in float64, but for what is differentiated or taken by a component.
"""
