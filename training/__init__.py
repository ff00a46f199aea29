"""Makes the packaged reader: data, windows, training, measurement."""
