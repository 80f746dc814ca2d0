def forward(model, x):
    weights = [np.asarray(w, "float64") for w in model.get_weights()]
    h, outputs = np.asarray(x, "float64"), []
    for W, b in zip(weights[:-2:2], weights[1:-2:2]):
        h = np.maximum(h @ W + b, 0)
        outputs.append(h)
    return outputs


def relu_zero_fraction(model, x):
    zeros = total = 0
    for h in forward(model, x):
        zeros += np.count_nonzero(h < 1e-12)
        total += h.size
    return zeros / total


def dead_unit_fraction(model, x):
    largest = np.hstack([h.max(axis=0) for h in forward(model, x)])
    return np.mean(largest <= 0)


def gradient_norms_one_batch(model, x, y):
    names = {"relu": lambda h: h > 0, "tanh": lambda h: 1 - h**2, "sigmoid": lambda h: h * (1 - h)}
    inputs, h = [], np.asarray(x)
    for layer in model.layers:
        inputs.append(h)
        h = np.asarray(layer(h))
    p = h.astype("float64")
    loss = -np.log(p[np.arange(len(y)), y]).mean()
    delta = (p - np.eye(p.shape[1])[y]) / len(y)
    norms = []
    for layer, h in zip(model.layers[::-1], inputs[::-1]):
        norms = [np.sqrt(((h.T @ delta) ** 2).sum()), np.sqrt((delta.sum(0) ** 2).sum()), *norms]
        kind = model.layers[0].activation.__name__
        delta = delta @ np.asarray(layer.kernel).T * names[kind](h)
    return np.array(loss), dict(zip((v.path for v in model.trainable_variables), norms))


def collapse_linear(weights):
    matrix = np.eye(weights[0].shape[0])
    for W in weights:
        matrix = matrix @ W
    return matrix


def distinct_units(weights):
    columns, count = list(np.array(weights).T), 0
    while columns:
        first, *columns = columns
        columns = [c for c in columns if not np.allclose(c, first, rtol=0, atol=1e-5)]
        count += 1
    return np.int64(count)
