"""The model that ships with Earmark, and its card."""
