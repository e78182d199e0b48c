"""Sound in, events out."""
