"""What the law lets be shown of a record, from when to when and in which state (`publicity`); and never (`redact`)."""
