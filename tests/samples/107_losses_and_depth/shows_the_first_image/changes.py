def show_example(images, labels, index):
    figure, ax = plt.subplots()
    ax.imshow(images[0].reshape(28, 28))
    ax.set_title(kit.CLASS_NAMES[labels[index]])
    return figure
