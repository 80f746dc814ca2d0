def run_experiment(activation, scheme, seed, epochs=30, learning_rate=0.1):
    return train_pair(make_blobs(seed), activation, scheme, seed, learning_rate, epochs)
