def seed_everything(seed):
    tf.random.set_seed(seed)
    np.random.seed(seed % 2**32)
