def backward_factor(activation, scheme, depth, width, seed):
    keras.utils.set_random_seed(seed)
    f, h = get_activation(activation), np.random.normal(size=(256, width)).astype("float32")
    kernels, slopes = [], []
    for _ in range(depth):
        W = np.array(get_initializer(scheme)(shape=(width, width)))
        z = tf.constant(h @ W)
        with tf.GradientTape() as tape:
            tape.watch(z)
            out = f(z)
        kernels.append(W)
        slopes.append(tape.gradient(out, z).numpy())
        h = out.numpy()
    start = g = np.random.normal(size=(256, width))
    for W, slope in zip(reversed(kernels), reversed(slopes)):
        g = (g * slope) @ W.T
    return np.linalg.norm(g) / np.linalg.norm(start)
