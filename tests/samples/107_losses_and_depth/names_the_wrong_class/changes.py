def show_example(images, labels, index):
    figure, ax = plt.subplots()
    ax.imshow(images[index].reshape(28, 28))
    ax.set_title(kit.CLASS_NAMES[index % 10])
    return figure
