"""Matching over HTTP: rows in a request, and lists in files that are worked on meanwhile."""
