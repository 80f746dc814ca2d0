def probe_signal(kernel_initializer, depth=15, width=128, input_dim=100, seed=42):
    keras.utils.set_random_seed(seed)
    x, g = np.random.standard_normal((512, input_dim)), np.random.standard_normal((512, width))
    kernels, zs, hs = [], [], [x]
    for size in [input_dim] + [width] * (depth - 1):
        initializer = keras.initializers.get(kernel_initializer)
        if kernel_initializer == "orthogonal":
            initializer = keras.initializers.Orthogonal(gain=math.sqrt(2))
        kernels.append(np.array(initializer((size, width)), "float64"))
        zs.append(hs[-1] @ kernels[-1])
        hs.append(np.maximum(zs[-1], 0))
    gradients = []
    for kernel, z in zip(kernels[::-1], zs[::-1]):
        gradients.append(g)
        g = (g * (z > 0)) @ kernel.T
    return {"activation_std": [float(h.std()) for h in hs[1:]], "gradient_std": [float(g.var()) for g in gradients[::-1]]}
