"""`xincha verify`: is all that is kept and published what was loaded and published? Nothing is changed.

report     what was found: altered, or only to be said
ledger     the log against its checkpoints, the ledger of loads against the log
lake       the files of the lake against the ledger, and which records of a file that differs are others
index      what an engine has published against the leaves of its documents
files      sources that were kept, releases and the built page against the hashes that were logged
whole      all of it
"""
