# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Clase 107: Pérdidas, profundidad y gradientes que se desvanecen

# %%
import math
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow calla los avisos sobre la GPU

import keras
import kit
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

kit.show_versions()

# %% [markdown]
# ## Ejercicio 1. Mira los datos


# %%
def show_example(images, labels, index):
    """Dibuja una imagen con el nombre de su clase.

    Argumentos:
        images: arreglo de forma `(n, 784)` con valores en [0, 1].
        labels: etiquetas enteras de 0 a 9, de forma `(n,)`.
        index: cuál de las n imágenes, un entero de 0 a n − 1.

    Devuelve:
        Una figura de Matplotlib con un solo par de ejes: la imagen de 28 × 28 dibujada con `imshow`.
        El título contiene el nombre de la clase, que está en `kit.CLASS_NAMES`.
    """
    # BEGIN SOLUTION
    figure, ax = plt.subplots(figsize=(3.2, 3.4), layout="constrained")
    ax.imshow(images[index].reshape(28, 28), cmap="gray_r", vmin=0, vmax=1)
    ax.set_title(f"Ejemplo {index}: {kit.CLASS_NAMES[labels[index]]}")
    ax.axis("off")
    return figure
    # END SOLUTION


# %%
def show_prediction(model, images, labels, index):
    """Dibuja una imagen y, al lado, la probabilidad que la red da a cada clase.

    Argumentos:
        model: red de Keras ya construida: entran imágenes `(b, 784)` y salen probabilidades `(b, 10)`.
        images: arreglo de forma `(n, 784)` con valores en [0, 1].
        labels: etiquetas enteras de 0 a 9, de forma `(n,)`.
        index: cuál de las n imágenes, un entero de 0 a n − 1.

    Devuelve:
        Una figura de Matplotlib con dos pares de ejes, en este orden: la imagen de 28 × 28, cuyo
        título contiene el nombre de la clase verdadera; y diez barras verticales (`ax.bar`) con las
        probabilidades de las clases 0 a 9 en orden, cuyo título contiene el nombre de la clase más
        probable, con nombre en los dos ejes.
    """
    # BEGIN SOLUTION
    probabilities = keras.ops.convert_to_numpy(model(images[index : index + 1]))[0]  # (10,)
    truth, guess = int(labels[index]), int(np.argmax(probabilities))
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), width_ratios=[1, 2], layout="constrained")
    left.imshow(images[index].reshape(28, 28), cmap="gray_r", vmin=0, vmax=1)
    left.set_title(f"Verdad: {kit.CLASS_NAMES[truth]}")
    left.axis("off")
    bars = right.bar(range(10), probabilities, color="#BBBBBB")
    bars[guess].set_color("#D55E00")
    bars[truth].set_color("#009E73")
    right.set(title=f"Predicción: {kit.CLASS_NAMES[guess]}", xlabel="clase", ylabel="probabilidad", ylim=(0, 1))
    right.set_xticks(range(10), kit.CLASS_NAMES, rotation=45, ha="right")
    return figure
    # END SOLUTION


# %%
# kit.check("107.1")

# %% [markdown]
# ## Ejercicio 2. Pérdidas


# %%
def one_hot(labels, num_classes):
    """Convierte etiquetas en filas con un solo 1.

    Argumentos:
        labels: etiquetas enteras, arreglo de forma `(n,)`.
        num_classes: cantidad de clases.

    Devuelve:
        Un arreglo float32 de forma `(n, num_classes)`: 1 en la columna de la etiqueta y 0 en las demás.

    Errores:
        ValueError: si alguna etiqueta no está entre 0 y num_classes − 1.
    """
    # BEGIN SOLUTION
    labels = np.asarray(labels)
    if np.any((labels < 0) | (labels >= num_classes)):
        raise ValueError(f"Las etiquetas deben estar entre 0 y {num_classes - 1}.")
    return np.eye(num_classes, dtype=np.float32)[labels]
    # END SOLUTION


# %%
def mse_loss(y_true, y_pred):
    """Error cuadrático medio entre las etiquetas en formato one-hot y las probabilidades.

    Argumentos:
        y_true: arreglo de forma `(n, k)`.
        y_pred: arreglo de forma `(n, k)`.

    Devuelve:
        Un float: la media de (y_true − y_pred)² sobre los n · k números.
    """
    # BEGIN SOLUTION
    return float(np.mean(np.square(np.asarray(y_true) - np.asarray(y_pred))))
    # END SOLUTION


# %%
def softmax(logits):
    """Convierte cada fila de logits en probabilidades, sin desbordarse aunque los logits sean enormes.

    Argumentos:
        logits: arreglo de forma `(n, k)`, con números de cualquier tamaño (por ejemplo ±1000).

    Devuelve:
        Un arreglo de forma `(n, k)`; cada fila es positiva o cero y suma 1. No modifica `logits`.
    """
    # BEGIN SOLUTION
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))  # el mayor exponente es 0
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
    # END SOLUTION


# %%
def cross_entropy(logits, labels):
    """Entropía cruzada media de la softmax de los logits.

    El resultado es finito aunque los logits sean enormes (por ejemplo ±1000): no se calcula el
    logaritmo de una probabilidad que se redondeó a 0.

    Argumentos:
        logits: arreglo de forma `(n, k)`.
        labels: etiquetas enteras de 0 a k − 1, de forma `(n,)`.

    Devuelve:
        Un float: la media, sobre los n ejemplos, de −ln(probabilidad de la clase correcta).
    """
    # BEGIN SOLUTION
    shifted = logits - np.max(logits, axis=-1, keepdims=True)  # (n, k)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))  # (n, k)
    return float(-np.mean(log_probabilities[np.arange(len(labels)), labels]))
    # END SOLUTION


# %%
def compare_losses(data, seed, epochs):
    """Entrena la misma red con dos pérdidas, desde los mismos pesos.

    La red: 784 entradas, una capa oculta de 256 neuronas sigmoides y una salida softmax de 10; los
    dos kernels se sortean con `RandomNormal(stddev=1.0)` y los sesgos empiezan en cero. Optimizador
    `Adam(1e-3)`, lotes de 64.

    Argumentos:
        data: `kit.Dataset` con imágenes de forma `(n, 784)`.
        seed: semilla de los pesos y de los lotes, la misma para las dos redes.
        epochs: épocas de cada entrenamiento.

    Devuelve:
        Un diccionario con las claves "mse" (error cuadrático medio entre la salida y las etiquetas en
        formato one-hot) y "cross_entropy". Cada valor es la historia que devuelve `kit.train`.
    """
    # BEGIN SOLUTION
    coded = data._replace(y_train=one_hot(data.y_train, 10), y_val=one_hot(data.y_val, 10))
    losses = {"mse": "mse", "cross_entropy": "categorical_crossentropy"}
    histories = {}
    for name, loss in losses.items():
        keras.utils.set_random_seed(seed)
        model = keras.Sequential([keras.Input((784,))])
        for units, activation in ((256, "sigmoid"), (10, "softmax")):
            wide_normal = keras.initializers.RandomNormal(stddev=1.0)  # un objeto por capa
            model.add(keras.layers.Dense(units, activation, kernel_initializer=wide_normal))
        model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
        histories[name] = kit.train(model, coded, batch_size=64, epochs=epochs, seed=seed, title=name)
    return histories
    # END SOLUTION


# %%
# kit.check("107.2")

# %% [markdown]
# ## Ejercicio 3. ¿Profundidad o ancho?


# %%
def make_parity(n_bits, n_samples, seed):
    """Sortea cadenas de bits y dice cuáles tienen una cantidad par de unos.

    Si `n_samples` no es mayor que 2^n_bits, las cadenas son todas distintas: cualquier corte de las
    filas en entrenamiento y prueba es disjunto. Si es mayor, se sortean con repetición.

    Argumentos:
        n_bits: largo de cada cadena.
        n_samples: cantidad de cadenas.
        seed: semilla del sorteo; la misma semilla da los mismos arreglos.

    Devuelve:
        La tupla `(x, y)`: x, arreglo float32 de ceros y unos de forma `(n_samples, n_bits)`, en un
        orden al azar; y, arreglo int32 de forma `(n_samples,)`, 1 si la cantidad de unos es PAR
        (cero unos también) y 0 si es impar.
    """
    # BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    repeat = n_samples > 2**n_bits
    codes = rng.choice(2**n_bits, n_samples, replace=repeat)  # (n_samples,), un número por cadena
    x = (codes[:, None] >> np.arange(n_bits)) & 1  # (n_samples, n_bits)
    y = x.sum(axis=1) % 2 == 0
    return x.astype(np.float32), y.astype(np.int32)
    # END SOLUTION


# %%
def build_shallow(input_dim, width=128):
    """Construye una red ancha y poco profunda; no la compila.

    Argumentos:
        input_dim: cantidad de entradas.
        width: neuronas de la única capa oculta.

    Devuelve:
        Un `keras.Model`: una capa oculta ReLU de `width` neuronas con `he_normal` y una salida de UNA
        neurona sigmoide con el inicializador por omisión. Sesgos en cero.
    """
    # BEGIN SOLUTION
    return build_deep(input_dim, width=width, depth=1)
    # END SOLUTION


# %%
def build_deep(input_dim, width=32, depth=4):
    """Construye una red angosta y profunda; no la compila.

    Argumentos:
        input_dim: cantidad de entradas.
        width: neuronas de cada capa oculta.
        depth: cantidad de capas ocultas.

    Devuelve:
        Un `keras.Model`: `depth` capas ocultas ReLU de `width` neuronas con `he_normal` y una salida de
        UNA neurona sigmoide con el inicializador por omisión. Sesgos en cero.
    """
    # BEGIN SOLUTION
    model = keras.Sequential([keras.Input((input_dim,))])
    for _ in range(depth):
        model.add(keras.layers.Dense(width, "relu", kernel_initializer="he_normal"))
    model.add(keras.layers.Dense(1, "sigmoid"))
    return model
    # END SOLUTION


# %%
def parity_scaling(bit_sizes, seed, epochs):
    """Entrena las dos redes en paridad, con cada cantidad de bits, y mide su exactitud de prueba.

    Para cada n de `bit_sizes`: `make_parity(n, m, seed)` con m = min(2^n, 2048) filas; las primeras
    4 · m // 5 filas son de entrenamiento y el resto, de prueba. Las dos redes, `build_shallow(n)` y
    `build_deep(n)`, se entrenan con `Adam(3e-3)`, entropía cruzada binaria y lotes de 32.

    Argumentos:
        bit_sizes: lista de enteros, por ejemplo [4, 6, 8].
        seed: semilla de los datos, de los pesos (se fija antes de construir cada red) y de los lotes.
        epochs: épocas de cada entrenamiento.

    Devuelve:
        `{"shallow": {n: exactitud}, "deep": {n: exactitud}}`, con los enteros n como claves y la
        exactitud de prueba (un float entre 0 y 1) después de la última época.
    """
    # BEGIN SOLUTION
    accuracy = {"shallow": {}, "deep": {}}
    for n in bit_sizes:
        x, y = make_parity(n, min(2**n, 2048), seed)
        cut = 4 * len(x) // 5
        data = kit.Dataset(x[:cut], y[:cut], x[cut:], y[cut:])
        for name, build in {"shallow": build_shallow, "deep": build_deep}.items():
            keras.utils.set_random_seed(seed)
            model = build(n)
            model.compile(keras.optimizers.Adam(3e-3), "binary_crossentropy", metrics=["accuracy"])
            history = kit.train(model, data, batch_size=32, epochs=epochs, seed=seed, title=f"{name}, {n} bits")
            accuracy[name][n] = history["val_accuracy"][-1]
    return accuracy
    # END SOLUTION


# %%
def plot_learning_curves(histories):
    """Dibuja cómo avanza cada entrenamiento, con los datos de entrenamiento y con los de validación.

    Argumentos:
        histories: diccionario con una historia de `kit.train` por nombre.

    Devuelve:
        Una figura de Matplotlib con dos pares de ejes, en este orden: pérdida y exactitud. En cada uno
        hay dos líneas por historia, la de entrenamiento ("loss" o "accuracy") y la de validación
        ("val_loss" o "val_accuracy"), con etiquetas que contienen el nombre de la historia; título,
        nombres de los ejes y leyenda en español.
    """
    # BEGIN SOLUTION
    figure, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for ax, key, ylabel in zip(axes, ("loss", "accuracy"), ("pérdida", "exactitud"), strict=True):
        for name, history in histories.items():
            epochs = range(1, len(history[key]) + 1)
            (line,) = ax.plot(epochs, history[key], linestyle="--", label=f"{name}, entrenamiento")
            ax.plot(epochs, history[f"val_{key}"], color=line.get_color(), label=f"{name}, validación")
        ax.set(title=f"Curvas de aprendizaje: {ylabel}", xlabel="época", ylabel=ylabel)
        ax.grid(alpha=0.3)
        ax.legend()
    return figure
    # END SOLUTION


# %%
def plot_parity_scaling(results):
    """Dibuja la exactitud de prueba de cada red según la cantidad de bits.

    Argumentos:
        results: lo que devuelve `parity_scaling`.

    Devuelve:
        Una figura de Matplotlib con un solo par de ejes: una línea por red, con su clave ("shallow" o
        "deep") en la etiqueta, la cantidad de bits en el eje horizontal y la exactitud en el vertical;
        título, nombres de los ejes y leyenda en español.
    """
    # BEGIN SOLUTION
    figure, ax = plt.subplots(figsize=(7.5, 4.2), layout="constrained")
    for (name, accuracy), marker in zip(results.items(), "os", strict=True):
        ax.plot(list(accuracy), list(accuracy.values()), marker=marker, label=name)
        ax.set_xticks(list(accuracy))
    ax.axhline(0.5, color="black", linestyle=":", label="al azar")
    ax.set(title="Paridad: exactitud de prueba", xlabel="cantidad de bits", ylabel="exactitud de prueba")
    ax.grid(alpha=0.3)
    ax.legend()
    return figure
    # END SOLUTION


# %%
# kit.check("107.3")

# %% [markdown]
# ## Ejercicio 4. El gradiente que se desvanece


# %%
def build_deep_mlp(activation, kernel_initializer, width=64, depth=4):
    """Construye un clasificador profundo de imágenes; no lo compila.

    Argumentos:
        activation: activación de las capas ocultas, por ejemplo "sigmoid".
        kernel_initializer: nombre del inicializador de las capas ocultas, por ejemplo "he_normal".
        width: neuronas de cada capa oculta.
        depth: cantidad de capas ocultas.

    Devuelve:
        Un `keras.Model` con 784 entradas, `depth` capas ocultas y una salida softmax de 10 neuronas con
        el inicializador por omisión de Keras. Sesgos en cero.
    """
    # BEGIN SOLUTION
    model = keras.Sequential([keras.Input((784,))])
    for _ in range(depth):
        model.add(keras.layers.Dense(width, activation, kernel_initializer=kernel_initializer))
    model.add(keras.layers.Dense(10, "softmax"))
    return model
    # END SOLUTION


# %%
def gradient_norms(model, x, y):
    """Norma del gradiente de la pérdida con respecto a cada kernel, en un lote.

    La pérdida es la entropía cruzada media del lote.

    Argumentos:
        model: clasificador con salida softmax; no se modifica.
        x: imágenes de forma `(b, 784)`.
        y: etiquetas enteras de forma `(b,)`.

    Devuelve:
        Una lista de floats: √(Σ g²) de cada kernel, en el orden de las capas, salida incluida; los
        sesgos no se cuentan.
    """
    # BEGIN SOLUTION
    kernels = [layer.kernel for layer in model.layers]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x)))
    gradients = tape.gradient(loss, [kernel.value for kernel in kernels])
    return [float(tf.norm(g)) for g in gradients]
    # END SOLUTION


# %%
def compare_depth_recipes(data, seed, epochs):
    """Entrena tres recetas de la misma red profunda y mide su exactitud de prueba.

    Las tres son `build_deep_mlp` con sus cuatro capas de 64: "sigmoid" (sigmoide con
    `glorot_uniform`), "relu" (ReLU con `glorot_uniform`) y "relu_he" (ReLU con `he_normal`).
    `SGD(0.01)`, entropía cruzada, lotes de 32.

    Argumentos:
        data: `kit.Dataset`; se entrena con `x_train` y la prueba se hace con `x_val`, que no se usa
            para nada más.
        seed: semilla de los pesos y de los lotes, la misma para las tres redes.
        epochs: épocas de cada entrenamiento.

    Devuelve:
        `{"sigmoid": exactitud, "relu": exactitud, "relu_he": exactitud}`: la exactitud de prueba (un
        float entre 0 y 1) después de la última época.
    """
    # BEGIN SOLUTION
    recipes = {
        "sigmoid": ("sigmoid", "glorot_uniform"),
        "relu": ("relu", "glorot_uniform"),
        "relu_he": ("relu", "he_normal"),
    }
    accuracy = {}
    for name, (activation, initializer) in recipes.items():
        keras.utils.set_random_seed(seed)
        model = build_deep_mlp(activation, initializer)
        model.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
        history = kit.train(model, data, batch_size=32, epochs=epochs, seed=seed, title=name)
        accuracy[name] = history["val_accuracy"][-1]
    return accuracy
    # END SOLUTION


# %%
# kit.check("107.4")

# %% [markdown]
# ## Ejercicio 5. La señal en 15 capas


# %%
def probe_signal(kernel_initializer, depth=15, width=128, input_dim=100, seed=42):
    """Mide la señal a la ida y a la vuelta en una red ReLU sin entrenar y sin sesgos.

    Ida: entran 512 ejemplos N(0, 1) de `input_dim` números y pasan por `depth` capas de `width`
    neuronas, h ← ReLU(h W). Vuelta: en la salida de la última capa entra un gradiente N(0, 1) de la
    misma forma, `(512, width)`, y se propaga hacia atrás hasta la primera.

    Argumentos:
        kernel_initializer: "glorot_uniform", "he_normal" o cualquier otro nombre de Keras;
            "orthogonal" quiere decir aquí `keras.initializers.Orthogonal(gain=math.sqrt(2))`. Cada
            capa tiene su propio sorteo.
        depth: cantidad de capas.
        width: neuronas de cada capa.
        input_dim: cantidad de entradas.
        seed: semilla de todo el azar; la misma semilla da los mismos números.

    Devuelve:
        Un diccionario con dos listas de `depth` floats, de la capa 1 a la última:
        "activation_std": desviación estándar de todas las salidas h de la capa (después de ReLU);
        "gradient_std": desviación estándar del gradiente con respecto a esas salidas h. El último
        valor es cercano a 1: es el gradiente que entró.
    """
    # BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    outputs, h = [], tf.random.normal((512, input_dim))
    upstream = tf.random.normal((512, width))
    with tf.GradientTape() as tape:
        tape.watch(h)
        for _ in range(depth):
            initializer = keras.initializers.get(kernel_initializer)  # un objeto nuevo por capa
            if kernel_initializer == "orthogonal":
                initializer = keras.initializers.Orthogonal(gain=math.sqrt(2))
            h = tf.nn.relu(h @ initializer((h.shape[1], width)))  # (512, width)
            outputs.append(h)
    gradients = tape.gradient(h, outputs, output_gradients=upstream)  # depth × (512, width)
    return {
        "activation_std": [float(np.std(h)) for h in outputs],
        "gradient_std": [float(np.std(g)) for g in gradients],
    }
    # END SOLUTION


# %%
def plot_signal(results):
    """Dibuja la señal de cada inicializador, capa por capa.

    Argumentos:
        results: diccionario con lo que devuelve `probe_signal` para cada inicializador.

    Devuelve:
        Una figura de Matplotlib con dos pares de ejes, en este orden: "activation_std" y
        "gradient_std". En cada uno hay una línea por inicializador, con su clave en la etiqueta y las
        capas 1, 2, … en el eje horizontal; eje vertical logarítmico; título, nombres de los ejes y
        leyenda en español.
    """
    # BEGIN SOLUTION
    figure, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    panels = {"activation_std": "Ida: activaciones", "gradient_std": "Vuelta: gradientes"}
    for ax, (key, title) in zip(axes, panels.items(), strict=True):
        for name, result in results.items():
            layers = range(1, len(result[key]) + 1)
            ax.plot(layers, result[key], marker="o", color=kit.color_of(name), label=name)
        ax.set(title=title, xlabel="capa", ylabel="desviación estándar", yscale="log")
        ax.grid(alpha=0.3)
        ax.legend()
    return figure
    # END SOLUTION


# %%
# kit.check("107.5")
