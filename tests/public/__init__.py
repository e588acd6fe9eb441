"""Public reports of faults, tried with inputs of the same kinds: see `cases/public` of the real data."""
