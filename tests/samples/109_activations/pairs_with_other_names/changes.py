def compare_pairs(data, seed, epochs=30, learning_rate=0.1):
    return {f"{a} + {s}": train_pair(data, a, s, seed, epochs, learning_rate) for a, s in PAIRS}
