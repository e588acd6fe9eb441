"""Releases: everything that may be shown on a day, as files. `catalogue` is what there is, `write` makes one."""
