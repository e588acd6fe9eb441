"""A request becomes an intent, the intent a query, the query candidates, the candidates a ranked and explained answer.

    requests.py    what may be asked and what is answered
    intent.py      what the person means: a code, pinyin, words, an address, …
    candidates.py  intent → queries of the engine, from strict to wide
    rank.py        candidates → order, by the features of features.py, which explain themselves
    highlight.py   where a text matches
    filters.py     filters, facets and what the law adds to them on a given day
    cursor.py      opaque cursors
    suggest.py     what was typed so far → names that it may become
    match/         a list of names → the entity that each means, or honestly none
    service.py     `Searcher`, which the API and the command line ask

May import `xincha.engine`, `xincha.text`, `xincha.rules`; knows nothing of files and HTTP.
"""
