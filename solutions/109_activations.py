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
# # Clase 109: Funciones de activación y flujo del gradiente

# %%
import functools
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow calla los avisos sobre la GPU

import keras
import kit
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

kit.show_versions()

# %% [markdown]
# ## Ejercicio 1. Cinco pares, dos conjuntos de datos


# %%
def split(x, y, rng):
    """Mezcla los ejemplos y deja el 80 % para entrenar y el 20 % para validar."""
    order, n_train = rng.permutation(len(x)), len(x) * 8 // 10
    x, y = x[order].astype("float32"), y[order].astype("int32")
    return kit.Dataset(x[:n_train], y[:n_train], x[n_train:], y[n_train:])


# %%
def make_blobs(seed):
    """Sortea dos nubes de puntos en el plano, una por clase, y las divide en 80 % y 20 %.

    Son 800 puntos: 400 de la clase 0, normales de desviación estándar 1 alrededor de (-2, -2), y
    400 de la clase 1, iguales pero alrededor de (2, 2). Se mezclan antes de dividirlos.

    Argumentos:
        seed: semilla del sorteo (`np.random.default_rng`); la misma semilla da los mismos puntos.

    Devuelve:
        Un `kit.Dataset` con `x_train` de forma `(640, 2)` y `x_val` de forma `(160, 2)`, float32, e
        `y_train` de forma `(640,)` e `y_val` de forma `(160,)`, enteros 0 o 1.
    """
    # BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], 400)  # (800,)
    centers = np.array([[-2, -2], [2, 2]])  # (2, 2)
    x = centers[y] + rng.standard_normal((800, 2))  # (800, 2)
    return split(x, y, rng)
    # END SOLUTION


# %%
def make_moons(seed):
    """Sortea dos medias lunas entrelazadas, una por clase, y las divide en 80 % y 20 %.

    Son 800 puntos, 400 por clase. Con t uniforme entre 0 y π, la clase 0 está en (cos t, sin t) y la
    clase 1 en (1 - cos t, 0.5 - sin t). A las dos coordenadas de cada punto se les suma ruido normal
    de desviación estándar 0.2. Se mezclan antes de dividirlos.

    Argumentos:
        seed: semilla del sorteo (`np.random.default_rng`); la misma semilla da los mismos puntos.

    Devuelve:
        Un `kit.Dataset` de las mismas formas y tipos que el de `make_blobs`.
    """
    # BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], 400)  # (800,)
    t = rng.uniform(0, np.pi, 800)  # (800,)
    upper = np.stack([np.cos(t), np.sin(t)], axis=1)  # (800, 2)
    lower = np.stack([1 - np.cos(t), 0.5 - np.sin(t)], axis=1)  # (800, 2)
    x = np.where(y[:, None] == 0, upper, lower) + 0.2 * rng.standard_normal((800, 2))
    return split(x, y, rng)
    # END SOLUTION


# %%
def get_activation(name):
    """Busca una función de activación por su nombre.

    Argumentos:
        name: "relu", "tanh", "sigmoid", "leaky_relu", "elu", "selu", "gelu", "swish" o "mish".

    Devuelve:
        Una función que recibe un tensor o un arreglo float32 y devuelve un tensor de la misma forma, y que
        sirve como argumento `activation` de `keras.layers.Dense`. `leaky_relu` tiene pendiente negativa
        0.01; las demás son las de `keras.activations` con sus valores por omisión.

    Errores:
        ValueError: si el nombre no es uno de los nueve; el mensaje, en español, dice cuál llegó.
    """
    # BEGIN SOLUTION
    leaky_relu = functools.partial(keras.activations.leaky_relu, negative_slope=0.01)
    activations = {
        "relu": keras.activations.relu,
        "tanh": keras.activations.tanh,
        "sigmoid": keras.activations.sigmoid,
        "leaky_relu": leaky_relu,
        "elu": keras.activations.elu,
        "selu": keras.activations.selu,
        "gelu": keras.activations.gelu,
        "swish": keras.activations.silu,  # dos nombres de la misma función
        "mish": keras.activations.mish,
    }
    if name not in activations:
        raise ValueError(f"No conozco la activación {name!r}; elige una de: {', '.join(activations)}.")
    return activations[name]
    # END SOLUTION


# %%
def get_initializer(scheme):
    """Crea el inicializador de una regla.

    Argumentos:
        scheme: "xavier" (Glorot uniforme), "he" (He uniforme), "lecun" (LeCun normal) o "torch_default"
            (uniforme de varianza 1 / (3 · fan_in), la de `nn.Linear` en PyTorch).

    Devuelve:
        Un inicializador de Keras nuevo en cada llamada y sin semilla propia, para que dependa de
        `keras.utils.set_random_seed`.

    Errores:
        ValueError: si la regla no es una de las cuatro; el mensaje, en español, dice cuál llegó.
    """
    # BEGIN SOLUTION
    if scheme == "xavier":
        return keras.initializers.GlorotUniform()
    if scheme == "he":
        return keras.initializers.HeUniform()
    if scheme == "lecun":
        return keras.initializers.LecunNormal()
    if scheme == "torch_default":
        return keras.initializers.VarianceScaling(scale=1 / 3, mode="fan_in", distribution="uniform")
    raise ValueError(f"No conozco la regla {scheme!r}; elige xavier, he, lecun o torch_default.")
    # END SOLUTION


# %%
def build_pair(activation, scheme, units=(64, 64, 2), input_dim=2):
    """Construye un clasificador denso con una activación y una regla de inicialización; no lo compila.

    Argumentos:
        activation: nombre de la activación de las capas ocultas, como en `get_activation`.
        scheme: regla de los kernels de las capas ocultas, como en `get_initializer`.
        units: neuronas de cada capa, en orden; la última es la salida softmax, con el inicializador
            por omisión de Keras.
        input_dim: cantidad de entradas.

    Devuelve:
        Un `keras.Model` con `len(units)` capas Dense y todos los sesgos en cero.
    """
    # BEGIN SOLUTION
    model = keras.Sequential([keras.Input((input_dim,))])
    for n in units[:-1]:
        model.add(keras.layers.Dense(n, get_activation(activation), kernel_initializer=get_initializer(scheme)))
    model.add(keras.layers.Dense(units[-1], "softmax"))
    return model
    # END SOLUTION


# %%
def train_pair(data, activation, scheme, seed, epochs, learning_rate):
    """Entrena la red 2-64-64-2 de `build_pair` con `SGD(learning_rate)`, sin momento, y lotes de 32.

    Argumentos:
        data: `kit.Dataset` con entradas de forma `(n, 2)` y clases 0 o 1.
        activation: nombre de la activación.
        scheme: regla de inicialización.
        seed: semilla de los pesos (`keras.utils.set_random_seed`, antes de construir la red) y del
            orden de los lotes (`kit.train`).
        epochs: épocas.
        learning_rate: tasa de aprendizaje.

    Devuelve:
        La historia que devuelve `kit.train`: "loss", "accuracy", "val_loss" y "val_accuracy", listas
        con un float por época. La pérdida es la entropía cruzada.
    """
    # BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    model = build_pair(activation, scheme)
    sgd = keras.optimizers.SGD(learning_rate)
    model.compile(sgd, "sparse_categorical_crossentropy", metrics=["accuracy"])
    title = f"{activation}+{scheme}"
    return kit.train(model, data, batch_size=32, epochs=epochs, seed=seed, title=title)
    # END SOLUTION


# %%
def run_experiment(activation, scheme, seed, epochs=30, learning_rate=0.1):
    """Entrena un par en las nubes de `make_blobs(seed)` con `train_pair` y la misma semilla.

    Argumentos:
        activation: nombre de la activación.
        scheme: regla de inicialización.
        seed: semilla de los datos, de los pesos y de los lotes.
        epochs: épocas.
        learning_rate: tasa de aprendizaje de SGD.

    Devuelve:
        La historia que devuelve `train_pair`. La misma llamada da siempre la misma historia.
    """
    # BEGIN SOLUTION
    return train_pair(make_blobs(seed), activation, scheme, seed, epochs, learning_rate)
    # END SOLUTION


# %%
PAIRS = [
    ("relu", "torch_default"),
    ("relu", "he"),
    ("tanh", "xavier"),
    ("sigmoid", "xavier"),
    ("leaky_relu", "he"),
]


# %%
def compare_pairs(data, seed, epochs=30, learning_rate=0.1):
    """Entrena los cinco pares de `PAIRS` con los mismos datos y la misma semilla.

    Argumentos:
        data: `kit.Dataset` con entradas de forma `(n, 2)` y clases 0 o 1.
        seed: semilla de los pesos y de los lotes, la misma para los cinco.
        epochs: épocas de cada entrenamiento.
        learning_rate: tasa de aprendizaje de SGD.

    Devuelve:
        Un diccionario con las claves "relu+torch_default", "relu+he", "tanh+xavier",
        "sigmoid+xavier" y "leaky_relu+he"; cada valor es la historia que devuelve `train_pair`.
    """
    # BEGIN SOLUTION
    return {
        f"{activation}+{scheme}": train_pair(data, activation, scheme, seed, epochs, learning_rate)
        for activation, scheme in PAIRS
    }
    # END SOLUTION


# %%
def plot_comparison(histories):
    """Dibuja la pérdida y la exactitud de validación de cada par.

    Argumentos:
        histories: lo que devuelve `compare_pairs`.

    Devuelve:
        Una figura de Matplotlib con dos pares de ejes: en el primero los valores de
        `history["val_loss"]` y en el segundo los de `history["val_accuracy"]`, en fracciones entre 0
        y 1. En los dos, una línea por par con su clave como etiqueta, nombres de los ejes en español y
        leyenda.
    """
    # BEGIN SOLUTION
    figure, axes = plt.subplots(1, 2, figsize=(12, 4.2), layout="constrained")
    panels = {"val_loss": "pérdida de validación", "val_accuracy": "exactitud de validación"}
    for ax, (key, ylabel) in zip(axes, panels.items(), strict=True):
        for name, history in histories.items():
            ax.plot(range(1, len(history[key]) + 1), history[key], label=name)
        ax.set(title=ylabel.capitalize(), xlabel="época", ylabel=ylabel)
        ax.grid(alpha=0.3)
        ax.legend()
    return figure
    # END SOLUTION


# %% [markdown]
# ## Ejercicio 2. Ceros y neuronas muertas


# %%
def hidden_outputs(model, x):
    """Salida de cada capa oculta, en orden: una lista de arreglos de forma `(n, neuronas)`."""
    outputs, h = [], x
    for layer in model.layers[:-1]:
        h = layer(h)
        outputs.append(keras.ops.convert_to_numpy(h))
    return outputs


# %%
def relu_zero_fraction(model, x):
    """Fracción de ceros entre todas las salidas de las capas ocultas.

    Argumentos:
        model: red densa con ReLU en las capas ocultas; la última capa, la softmax, no cuenta.
        x: entradas, arreglo float32 de forma `(n, input_dim)`.

    Devuelve:
        Un float entre 0 y 1: cantidad de salidas iguales a 0, sobre los n ejemplos y las neuronas de
        todas las capas ocultas, dividida por la cantidad total de esas salidas.
    """
    # BEGIN SOLUTION
    zeros = np.concatenate([(h == 0).ravel() for h in hidden_outputs(model, x)])
    return float(np.mean(zeros))
    # END SOLUTION


# %%
def dead_unit_fraction(model, x):
    """Fracción de neuronas ocultas que dan 0 en todos los ejemplos.

    Argumentos:
        model: red densa con ReLU en las capas ocultas; la última capa, la softmax, no cuenta.
        x: entradas, arreglo float32 de forma `(n, input_dim)`.

    Devuelve:
        Un float entre 0 y 1: cantidad de neuronas cuya salida es 0 en los n ejemplos, dividida por la
        cantidad de neuronas de todas las capas ocultas juntas.
    """
    # BEGIN SOLUTION
    dead = np.concatenate([np.all(h == 0, axis=0) for h in hidden_outputs(model, x)])
    return float(np.mean(dead))
    # END SOLUTION


# %% [markdown]
# ## Ejercicio 3. La norma del gradiente en cada variable


# %%
def gradient_norms_one_batch(model, x, y):
    """Calcula la pérdida de un lote y la norma de su gradiente en cada variable entrenable; no entrena.

    Argumentos:
        model: clasificador de Keras con salida softmax.
        x: entradas del lote, arreglo float32 de forma `(b, input_dim)`.
        y: clases del lote, enteros, forma `(b,)`.

    Devuelve:
        Una tupla `(loss, norms)`: la entropía cruzada media del lote, un float, y un diccionario con
        una entrada por variable entrenable, en el orden de `model.trainable_variables`: la clave es
        `variable.path` y el valor, un float, la norma euclidiana (raíz de la suma de los cuadrados)
        del gradiente de `loss` respecto a esa variable.
    """
    # BEGIN SOLUTION
    variables = model.trainable_variables
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x)))
    gradients = tape.gradient(loss, [variable.value for variable in variables])
    norms = {v.path: float(tf.norm(g)) for v, g in zip(variables, gradients, strict=True)}
    return float(loss), norms
    # END SOLUTION


# %% [markdown]
# ## Ejercicio 4. Un producto de derivadas


# %%
def rms(a):
    """Raíz de la media de los cuadrados: el tamaño típico de los números de un arreglo."""
    return float(np.sqrt(np.mean(np.square(a))))


# %%
def backward_factor(activation, scheme, depth, width, seed):
    """Mide cuánto cambia el tamaño del gradiente al volver por una pila de capas sin entrenar.

    La pila tiene `depth` capas iguales, h = f(h @ W), con kernels nuevos de forma `(width, width)` y sin
    sesgos. Entran 256 filas de números N(0, 1). A la salida de la última capa se pone un gradiente G,
    también de números N(0, 1) y de forma `(256, width)`, y se lo hace volver hasta la entrada de la
    primera (en `tf.GradientTape.gradient`, el argumento `output_gradients`).

    Argumentos:
        activation: nombre de la activación f, como en `get_activation`.
        scheme: regla de los kernels, como en `get_initializer`.
        depth: cantidad de capas.
        width: cantidad de neuronas de cada capa.
        seed: semilla de los kernels, de las entradas y de G; la misma da el mismo resultado.

    Devuelve:
        Un float: rms(gradiente en la entrada de la primera capa) / rms(G), donde rms es la raíz de la
        media de los cuadrados de todos los números del arreglo.
    """
    # BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    f = get_activation(activation)
    x, upstream = tf.random.normal((256, width)), tf.random.normal((256, width))
    with tf.GradientTape() as tape:
        tape.watch(x)
        h = x  # (256, width)
        for _ in range(depth):
            h = f(h @ get_initializer(scheme)((width, width)))
    downstream = tape.gradient(h, x, output_gradients=upstream)  # (256, width)
    return rms(downstream) / rms(upstream)
    # END SOLUTION


# %%
def collapse_linear(weights):
    """Reduce una red sin activaciones ni sesgos a una sola matriz.

    Argumentos:
        weights: lista de uno o más kernels, en el orden de las capas; el de una capa tiene forma
            `(entradas, salidas)` y se aplica como `x @ kernel`.

    Devuelve:
        La matriz M, un arreglo de NumPy de forma `(entradas de la primera, salidas de la última)`, que
        cumple `x @ M = ((x @ W1) @ W2) @ …` para cualquier x.
    """
    # BEGIN SOLUTION
    return functools.reduce(np.matmul, weights)
    # END SOLUTION


# %% [markdown]
# ## Ejercicio 5. Cuántas neuronas hay de verdad


# %%
def distinct_units(weights):
    """Cuenta las neuronas distintas de una capa.

    Argumentos:
        weights: kernel de la capa, arreglo de forma `(entradas, neuronas)`: una columna por neurona.

    Devuelve:
        Un entero: la cantidad de columnas distintas. Dos columnas son la misma neurona si ninguno de
        sus números difiere en más de 1e-5, porque al entrenar aparecen diferencias de redondeo.
    """
    # BEGIN SOLUTION
    found = []
    for column in np.asarray(weights).T:
        if all(np.abs(column - other).max() > 1e-5 for other in found):
            found.append(column)
    return len(found)
    # END SOLUTION


# %%
def compare_starts(seed, epochs=5):
    """Entrena la misma red desde ceros, desde una constante y desde He, y mira su primera capa.

    La red es 2-64-64-2 con ReLU y salida softmax. TODOS sus kernels, también el de la salida, empiezan
    igual: en 0, en 0.1 o con `get_initializer("he")`; los sesgos, en cero. Se entrena con `SGD(0.1)` y
    lotes de 32 en `make_moons(seed)`; la semilla se fija antes de construir cada red.

    Argumentos:
        seed: semilla de los datos, de los pesos y de los lotes.
        epochs: épocas de cada entrenamiento.

    Devuelve:
        Un diccionario con las claves "zeros", "constant" y "he". Cada valor es un diccionario con
        "kernel": el kernel de la primera capa oculta después de entrenar, arreglo de forma `(2, 64)`;
        "distinct": las neuronas distintas que hay en él, un entero.
    """
    # BEGIN SOLUTION
    starts = {
        "zeros": keras.initializers.Zeros,
        "constant": lambda: keras.initializers.Constant(0.1),
        "he": lambda: get_initializer("he"),
    }
    data, results = make_moons(seed), {}
    for name, new_initializer in starts.items():
        keras.utils.set_random_seed(seed)
        model = keras.Sequential([keras.Input((2,))])
        for n, f in ((64, "relu"), (64, "relu"), (2, "softmax")):
            model.add(keras.layers.Dense(n, f, kernel_initializer=new_initializer()))
        model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
        kit.train(model, data, batch_size=32, epochs=epochs, seed=seed, title=name)
        kernel = model.get_weights()[0]  # (2, 64)
        results[name] = {"kernel": kernel, "distinct": distinct_units(kernel)}
    return results
    # END SOLUTION
