def backward_factor(activation, scheme, depth, width, seed):
    keras.utils.set_random_seed(seed)
    f, x, upstream = get_activation(activation), tf.random.normal((256, 128)), tf.random.normal((256, 128))
    with tf.GradientTape() as tape:
        tape.watch(x)
        h = x
        for _ in range(depth):
            h = f(h @ get_initializer(scheme)((128, 128)))
    return rms(tape.gradient(h, x, output_gradients=upstream)) / rms(upstream)
