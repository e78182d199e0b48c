"""Those who listen."""
