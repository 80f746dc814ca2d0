def show_prediction(model, images, labels, index):
    p = np.array(model(images))[0]
    figure, (ax1, ax2) = plt.subplots(1, 2)
    ax1.imshow(images[index].reshape(28, 28))
    ax1.set_title(kit.CLASS_NAMES[labels[index]])
    ax2.bar(range(10), p)
    ax2.set_title(kit.CLASS_NAMES[int(p.argmax())])
    ax2.set_xlabel("clase"); ax2.set_ylabel("probabilidad")
    return figure
