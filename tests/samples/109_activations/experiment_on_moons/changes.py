def run_experiment(activation, scheme, seed, epochs=30, learning_rate=0.1):
    return train_pair(make_moons(seed), activation, scheme, seed, epochs, learning_rate)
