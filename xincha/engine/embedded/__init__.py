"""The embedded engine: tantivy in this process, nothing to install or run beside it."""
