"""Chat engines: one protocol (`base`), one engine a file."""
