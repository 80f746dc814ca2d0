def one_hot(labels, num_classes):
    rows = []
    for label in labels:
        if not 0 <= label < num_classes:
            raise ValueError(f"etiqueta {label}")
        rows.append([1.0 if column == label else 0.0 for column in range(num_classes)])
    return np.array(rows)


def mse_loss(y_true, y_pred):
    total = 0.0
    for row, other in zip(y_true.tolist(), y_pred.tolist()):
        for a, b in zip(row, other):
            total += (a - b) ** 2
    return total / y_true.size


def softmax(logits):
    rows = []
    for row in logits.tolist():
        exponentials = [math.exp(z - max(row)) for z in row]
        rows.append([e / sum(exponentials) for e in exponentials])
    return np.array(rows)


def cross_entropy(logits, labels):
    losses = []
    for row, label in zip(logits.tolist(), labels.tolist()):
        top = max(row)
        losses.append(top + math.log(sum(math.exp(z - top) for z in row)) - row[label])
    return np.float64(np.mean(losses))
