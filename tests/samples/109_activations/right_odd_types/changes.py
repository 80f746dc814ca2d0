import collections

right_train, right_zero, right_dead, right_norms = train_pair, relu_zero_fraction, dead_unit_fraction, gradient_norms_one_batch
right_factor, right_units = backward_factor, distinct_units

# %%
def train_pair(*args, **kwargs):
    history = right_train(*args, **kwargs)
    return collections.OrderedDict((key, tuple(np.float64(v) for v in values)) for key, values in history.items())


def run_experiment(activation, scheme, seed, **options):
    return train_pair(make_blobs(seed), activation, scheme, seed, **({"epochs": 30, "learning_rate": 1e-1} | options))


right_experiment = run_experiment

# %%
def run_experiment(*args):
    return right_experiment(*args[:3], **dict(zip(("epochs", "learning_rate"), args[3:])))


def compare_pairs(data, seed, epochs=30, learning_rate=0.1):
    results = collections.defaultdict(dict)
    for pair in "relu+torch_default relu+he tanh+xavier sigmoid+xavier leaky_relu+he".split():
        results[pair] = train_pair(data, *pair.split("+"), seed=seed, epochs=epochs, learning_rate=learning_rate)
    return results


relu_zero_fraction = lambda model, x: np.float32(right_zero(model, x))
dead_unit_fraction = lambda model, x: np.array(right_dead(model, x))
backward_factor = lambda *args: tf.constant(right_factor(*args), tf.float64)
distinct_units = lambda weights: np.uint8(right_units(weights))


def gradient_norms_one_batch(model, x, y):
    loss, norms = right_norms(model, x, y)
    return tf.constant(loss), collections.Counter({path: np.float64(norm) for path, norm in norms.items()})
