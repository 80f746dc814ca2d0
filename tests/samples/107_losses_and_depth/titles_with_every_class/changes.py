def show_example(images, labels, index):
    figure, ax = plt.subplots()
    ax.imshow(images[index].reshape(28, 28))
    ax.set_title(" ".join(kit.CLASS_NAMES))
    return figure
