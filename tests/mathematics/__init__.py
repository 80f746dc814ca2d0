"""The judge's mathematics, against Keras."""
