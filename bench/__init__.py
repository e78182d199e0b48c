"""Speed, latency, load and accuracy, measured. Each is run from the checkout: `python -m bench.capture`."""
