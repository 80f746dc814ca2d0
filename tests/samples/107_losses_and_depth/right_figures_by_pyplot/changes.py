def show_example(images, labels, index):
    fig = plt.figure()
    plt.matshow(np.reshape(images[index], (28, -1)), fignum=fig.number, cmap="inferno")
    plt.colorbar()
    plt.suptitle("Clase: " + kit.CLASS_NAMES[int(labels[index])].upper())
    return plt.gcf()


def show_prediction(model, images, labels, index):
    p = model.predict(np.expand_dims(images[index], 0), verbose=0).squeeze()
    fig = plt.figure(figsize=(8, 3))
    plt.subplot(121)
    plt.pcolormesh(images[index].reshape(28, 28)[::-1])
    plt.title(f"{kit.CLASS_NAMES[labels[index]]} (predicho: {kit.CLASS_NAMES[np.argmax(p)]})")
    plt.subplot(122)
    plt.barh(kit.CLASS_NAMES, p)
    plt.title("predicho: " + kit.CLASS_NAMES[np.argmax(p)], loc="left")
    plt.xlabel("probabilidad")
    plt.ylabel("clase")
    return fig
