"""The bundled session that runs without a sound card."""
