"""The watch over each line, without the model."""
