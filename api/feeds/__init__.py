"""Atom feeds (RFC 4287) of one company and of searches: what they say is what the page of that day shows, less names of
natural persons. `entries` says what stands in an entry, `atom` writes it."""
