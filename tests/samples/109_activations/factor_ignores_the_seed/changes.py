def backward_factor(activation, scheme, depth, width, seed):
    keras.utils.set_random_seed(42)
    f = get_activation(activation)
    x, upstream = tf.random.normal((256, width)), tf.random.normal((256, width))
    with tf.GradientTape() as tape:
        tape.watch(x)
        h = x
        for _ in range(depth):
            h = f(h @ get_initializer(scheme)((width, width)))
    downstream = tape.gradient(h, x, output_gradients=upstream)
    return rms(downstream) / rms(upstream)
