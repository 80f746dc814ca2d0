FORMULAS = {
    "relu": lambda z: tf.maximum(z, 0.0),
    "tanh": lambda z: 2 * tf.sigmoid(2 * z) - 1,
    "sigmoid": tf.sigmoid,
    "leaky_relu": lambda z: tf.where(z > 0, z, 0.01 * z),
    "elu": lambda z: tf.where(z > 0, z, tf.exp(tf.minimum(z, 0.0)) - 1),
    "selu": tf.nn.selu,
    "gelu": lambda z: 0.5 * z * (1 + tf.math.erf(z / 2**0.5)),
    "swish": lambda z: z * tf.sigmoid(z),
    "mish": lambda z: z * tf.tanh(tf.math.softplus(z)),
}


def get_activation(name):
    try:
        return FORMULAS[name]
    except KeyError:
        raise ValueError(f"activación desconocida: {name}") from None


class Uniform(keras.initializers.Initializer):
    def __init__(self, scheme):
        self.scheme = scheme
        self.seed = keras.random.SeedGenerator()

    def __call__(self, shape, dtype="float32"):
        fan_in, fan_out = shape
        variance = {"xavier": 2 / (fan_in + fan_out), "he": 2 / fan_in, "torch_default": 1 / (3 * fan_in)}[self.scheme]
        limit = (3 * variance) ** 0.5
        return keras.random.uniform(shape, -limit, limit, dtype=dtype, seed=self.seed)


def get_initializer(scheme):
    match scheme:
        case "xavier" | "he" | "torch_default":
            return Uniform(scheme)
        case "lecun":
            return keras.initializers.LecunNormal()
        case _:
            raise ValueError("No existe la regla " + scheme)
