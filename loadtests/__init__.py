"""Measurements: ratios taken side by side in one run, because machines are noisy. Nothing here is asserted in tests."""
