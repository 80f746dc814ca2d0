from functools import partial

UNITS = [512, 256, 128, 64, 10]


def fitted(model, data, seed, epochs):
    batches = kit.epoch_batches(data.x_train, data.y_train, 32, seed)
    validation = (data.x_val, data.y_val)
    return model.fit(batches, shuffle=False, epochs=epochs, validation_data=validation, verbose=0).history


def compare_initializers(data, seed, epochs):
    makers = {
        "random_normal": partial(keras.initializers.RandomNormal, stddev=0.01),
        "he_normal": keras.initializers.HeNormal,
        "glorot_uniform": keras.initializers.GlorotUniform,
    }
    histories = {}
    for name, make in makers.items():
        keras.utils.set_random_seed(seed)
        model = build_mlp(UNITS, "relu", make())
        compile_sgd(model, 0.01)
        histories[name] = fitted(model, data, seed, epochs)
    return histories


def compare_tanh_initializers(data, seed, epochs):
    mean, std = float(data.x_train.mean(dtype="float64")), float(data.x_train.std(dtype="float64"))
    data = data._replace(x_train=(data.x_train - mean) / std, x_val=(data.x_val - mean) / std)
    results = {}
    for name in ("glorot_uniform", "he_normal"):
        keras.utils.set_random_seed(seed)
        initializers = {"glorot_uniform": keras.initializers.GlorotUniform(), "he_normal": keras.initializers.HeNormal()}
        model = build_mlp(UNITS, "tanh", initializers[name])
        saturation = saturation_fraction(layer_activations(model, data.x_val))
        compile_sgd(model, 0.01)
        results[name] = {"history": fitted(model, data, seed, epochs), "saturation": saturation}
    return results


def train_reproducibly(data, seed, epochs):
    seed_everything(seed)
    model = keras.Sequential([keras.Input((784,))])
    model.add(keras.layers.Dense(24, "gelu", use_bias=False))
    model.add(keras.layers.Dropout(0.2))
    model.add(keras.layers.Dense(10, "softmax"))
    model.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy", metrics=["accuracy"])
    fitted(model, data, seed, epochs)
    return model.get_weights()
