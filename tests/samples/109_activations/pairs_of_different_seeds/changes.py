def compare_pairs(data, seed, epochs=30, learning_rate=0.1):
    results = {}
    for i, (activation, scheme) in enumerate(PAIRS):
        results[f"{activation}+{scheme}"] = train_pair(data, activation, scheme, seed + i, epochs, learning_rate)
    return results
