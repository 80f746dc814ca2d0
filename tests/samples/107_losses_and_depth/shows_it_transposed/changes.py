def show_example(images, labels, index):
    figure, ax = plt.subplots()
    ax.imshow(images[index].reshape(28, 28).T, cmap="gray")
    ax.set_title(kit.CLASS_NAMES[labels[index]])
    return figure
