def show_example(images, labels, index):
    figure, ax = plt.subplots()
    ax.imshow(images[index : index + 1], aspect="auto")
    ax.set_title(kit.CLASS_NAMES[labels[index]])
    return figure
