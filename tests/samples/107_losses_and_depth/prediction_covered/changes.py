def show_prediction(model, images, labels, index):
    p = np.array(model(images[index : index + 1]))[0]
    figure, (ax1, ax2) = plt.subplots(1, 2)
    ax1.imshow(images[index].reshape(28, 28))
    ax1.add_patch(plt.Rectangle((-1, -1), 30, 30, color="white", zorder=5))
    ax1.set_title(kit.CLASS_NAMES[labels[index]])
    ax2.bar(range(10), p, color="white")
    ax2.set(title=kit.CLASS_NAMES[int(p.argmax())], xlabel="clase", ylabel="probabilidad")
    return figure
