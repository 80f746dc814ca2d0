from matplotlib.figure import Figure


def picture(ax, image):
    ax.imshow(255 - 255 * image.reshape((28, 28)), cmap="gray")
    ax.set_axis_off()


def show_example(images, labels, index):
    figure = Figure(figsize=(3, 3))
    ax = figure.subplots()
    picture(ax, images[index])
    ax.set_title(f"{index}: {kit.CLASS_NAMES[labels[index]]} ({labels[index]})", loc="right")
    return figure


def show_prediction(model, images, labels, index):
    p = model.predict_on_batch(images)[index]
    best = p.argmax()
    figure = Figure()
    left, right = figure.subplots(1, 2)
    picture(left, images[index])
    left.set_title(f"verdadera: {kit.CLASS_NAMES[labels[index]]}")
    right.bar(np.arange(10), p)
    right.bar([best], [p[best]], color="red")
    right.set(title=f"{kit.CLASS_NAMES[best]} con {p[best]:.0%}", xlabel="clase", ylabel="probabilidad")
    return figure
