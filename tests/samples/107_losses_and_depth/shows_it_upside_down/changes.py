def show_example(images, labels, index):
    figure, ax = plt.subplots()
    ax.imshow(images[index].reshape(28, 28), origin="lower")
    ax.set_title(kit.CLASS_NAMES[labels[index]])
    return figure
