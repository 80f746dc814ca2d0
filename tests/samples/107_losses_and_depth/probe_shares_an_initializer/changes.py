def probe_signal(kernel_initializer, depth=15, width=128, input_dim=100, seed=42):
    keras.utils.set_random_seed(seed)
    start = keras.initializers.get(kernel_initializer)
    if kernel_initializer == "orthogonal":
        start = keras.initializers.Orthogonal(gain=math.sqrt(2))
    h, outputs = tf.random.normal((512, input_dim)), []
    with tf.GradientTape() as tape:
        for _ in range(depth):
            h = tf.nn.relu(h @ start((h.shape[1], width)))
            tape.watch(h)
            outputs.append(h)
    gradients = tape.gradient(h, outputs, output_gradients=tf.random.normal((512, width)))
    measured = {"activation_std": outputs, "gradient_std": gradients}
    return {key: [float(np.std(values)) for values in arrays] for key, arrays in measured.items()}
