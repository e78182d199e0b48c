"""A window of sound in, label probabilities out; how that model is trained, judged and exported."""
