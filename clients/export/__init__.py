"""A session's journal as files that other programs open, and such files read back."""
