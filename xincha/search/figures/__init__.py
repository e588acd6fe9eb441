"""Figures: how many entities or records there are, by time, place, office and more, and the sums of their fines.

    measures.py     what may be counted of each kind
    question.py     what may be asked
    dimensions.py   by what it is counted, and which list stands behind a value
    counting.py     the engine's cells → counted cells
    small.py        which counted cells are not told
    kept.py         answers that are kept
    answer.py       counted cells → rows
    table.py        rows → a table for people

What is counted are the entities or records that a list with the same filters finds on the same day, so a figure and its
list say the same.
"""
