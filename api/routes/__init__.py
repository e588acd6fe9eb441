"""The endpoints. Each parses (`api.parameters`), calls the searcher once, and writes what it answers."""
