def show_example(images, labels, index):
    return [images[index].reshape(28, 28), kit.CLASS_NAMES[labels[index]]]


def show_prediction(model, images, labels, index):
    return {"barras": np.array(model(images[index : index + 1]))[0]}
