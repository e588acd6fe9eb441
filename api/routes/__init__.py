"""The endpoints. Each parses (a model of `api.parameters`), calls the searcher once, and shapes (`api.answers`)."""
