"""Time this project's engine against its peers, side by side in one call."""
