"""A request becomes an intent, the intent a query, the query candidates, the candidates a ranked and explained answer.

    questions.py   what may be asked: models that the API, the command line and the finders share
    answers.py     what is answered: the API's response models
    intent.py      what the person means: a code, pinyin, words, an address, …
    candidates.py  intent → queries of the engine, from strict to wide
    rank.py        candidates → order, by the features of features.py, which explain themselves
    highlight.py   where a text matches
    filters.py     filters, facets and what the law adds to them on a given day
    cursor.py      opaque cursors
    suggest.py     what was typed so far → names that it may become
    export/        all that a search finds, as rows and columns
    match/         a list of names → the entity that each means, or honestly none
    entities.py, records.py   the finders
    service.py     `Searcher`: the finders over one engine

May import `xincha.engine`, `xincha.kinds`, `xincha.rules`, `xincha.text`; knows nothing of files and HTTP.
"""
