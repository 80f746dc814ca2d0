"""The network on which the exercises compare initializers, and how it is trained."""

UNITS = (512, 256, 128, 64, 10)
CLASSES = UNITS[-1]
RATE, BATCH_SIZE = 0.01, 32
STDDEV = 0.01  # of random_normal, which draws too small weights
