def probe_signal(kernel_initializer, depth=15, width=128, input_dim=100, seed=42):
    keras.utils.set_random_seed(seed)
    def make():
        if kernel_initializer == "orthogonal":
            return keras.initializers.Orthogonal(gain=np.sqrt(2.0))
        return kernel_initializer
    layers = [keras.layers.Dense(width, "relu", use_bias=False, kernel_initializer=make()) for _ in range(depth)]
    x = keras.random.normal((512, input_dim), seed=seed + 1)
    target = keras.random.normal((512, width), seed=seed + 2)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        hs = [layers[0](x)]
        for layer in layers[1:]:
            hs.append(layer(hs[-1]))
        score = tf.reduce_sum(hs[-1] * target)
    return dict(
        activation_std=tuple(tf.math.reduce_std(h) for h in hs),
        gradient_std=tuple(tf.math.reduce_std(tape.gradient(score, h)) for h in hs),
    )
