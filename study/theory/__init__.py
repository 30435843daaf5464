"""The worlds that simulations run in: functions, ways down them, networks by hand."""
