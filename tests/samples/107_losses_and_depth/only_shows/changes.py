def show_example(images, labels, index):
    plt.imshow(images[index].reshape(28, 28))
    plt.title(kit.CLASS_NAMES[labels[index]])
    plt.show()
