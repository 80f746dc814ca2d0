def compare_depth_recipes(data, seed, epochs):
    def run(activation, initializer):
        keras.utils.set_random_seed(seed)
        model = build_deep_mlp(activation, initializer)
        variables = [v.value for v in model.trainable_variables]

        @tf.function(reduce_retracing=True)
        def step(x, y):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x)))
            for variable, gradient in zip(variables, tape.gradient(loss, variables)):
                variable.assign_sub(0.01 * gradient)

        batches = kit.epoch_batches(data.x_train, data.y_train, 32, seed)
        for _ in range(epochs):
            for x, y in batches:
                step(tf.constant(x), tf.constant(y))
        return np.mean(np.argmax(model(data.x_val), axis=1) == data.y_val)

    return dict(
        sigmoid=run("sigmoid", "glorot_uniform"), relu=run("relu", "glorot_uniform"),
        relu_he=run(keras.activations.relu, "he_normal"),
    )
