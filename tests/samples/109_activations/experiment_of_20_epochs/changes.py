def run_experiment(activation, scheme, seed, epochs=20, learning_rate=0.1):
    return train_pair(make_blobs(seed), activation, scheme, seed, epochs, learning_rate)
