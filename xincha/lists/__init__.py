"""A list of companies in a file → the same list with the answers beside it. Who reads the file is handed in."""
