"""Xincha over HTTP: endpoints that parse a request, call `xincha.search` once, and shape the answer.

    parameters.py   query parameters → a question of `xincha.search.questions`, and how they are described
    models.py       what the API tells of itself; what searches answer is in `xincha.search.answers`
    routes/         the endpoints            problems.py  every error as application/problem+json
    page.py         the built page           middleware.py  security headers, a log without names
    metrics.py      what an operator watches
    server.py       the process that answers  protocol.py   how requests are read, with bounds
    connections.py  who has a place          logs.py        a log that is bounded
    openapi.py      the OpenAPI document, which `python -m api` prints and from which the page's client is made

Imports `xincha`, never `indexer`.
"""
