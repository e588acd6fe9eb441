"""Xincha over HTTP: endpoints that parse a request, call `xincha.search` once, and shape the answer.

    parameters.py   what may be asked: one model per endpoint, every bound in it
    models.py       what is answered: the schema of every answer, and which stored facts are public
    answers.py      from the search's dataclasses to JSON
    routes/         the endpoints            problems.py  every error as application/problem+json
    page.py         the built page           guard.py     security headers, compression, a log without names
    metrics.py      what an operator watches
    openapi.py      `python -m api.openapi`: the OpenAPI document, from which the page's client is made

Imports `xincha`, never `indexer`.
"""
