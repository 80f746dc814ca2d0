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
#
# **Objetivo.** Al terminar esta clase podrás:
#
# - decir qué le hace cada activación al gradiente que la atraviesa, y medirlo;
# - elegir juntos la activación y el inicializador, y defender la elección con varias semillas y un intervalo;
# - distinguir una neurona que da ceros de una neurona muerta, y una red saturada de una red sin señal;
# - explicar por qué la profundidad castiga a los malos pares, y diagnosticar una red que no aprende.
#
# **Duración.** 60 minutos en clase: las secciones 1 a 8 y los cinco ejercicios. Las secciones 9 a 13 se pueden leer
# después.
#
# **Requisitos previos.** La clase 108: varianza de una capa, Glorot, He, LeCun, y por qué los pesos tienen que ser
# distintos. De cálculo, la regla de la cadena.
#
# **Cómo se trabaja.** Igual que en la 108: ejecuta las celdas en orden; cuando aparezca **Predice**, escribe tu
# respuesta *antes* de ejecutar la celda siguiente; en los ejercicios, reemplaza la línea
# `raise NotImplementedError(...)` sin cambiar el nombre de la función ni sus argumentos.

# %%
import functools
import math
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow calla los avisos sobre la GPU

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

import kit

kit.show_versions()

# %% [markdown]
# ## 1. Lo que una activación le hace al gradiente
#
# Una capa calcula $z = xW + b$ y después $h = f(z)$. Al volver, por la regla de la cadena, el gradiente se multiplica
# por la pendiente de $f$ en el punto por el que pasó cada neurona:
#
# $$\frac{\partial \mathcal{L}}{\partial z} = \frac{\partial \mathcal{L}}{\partial h}\; f'(z).$$


# %%
def rms(a):
    """Raíz de la media de los cuadrados: el tamaño típico de los números de un arreglo."""
    return float(np.sqrt(np.mean(np.square(np.asarray(a, dtype=float)))))


def slope(f, z):
    """La derivada f'(z) en cada elemento de z."""
    z = tf.convert_to_tensor(z)
    with tf.GradientTape() as tape:
        tape.watch(z)
        h = f(z)
    return tape.gradient(h, z)


z = tf.constant([-2.0, -0.5, 0.5, 2.0])
with tf.GradientTape(persistent=True) as tape:
    tape.watch(z)
    h = keras.activations.tanh(z)
    loss = tf.reduce_sum(h**2)  # una pérdida cualquiera

by_hand = tape.gradient(loss, h) * slope(keras.activations.tanh, z)
print("gradiente en z según TensorFlow:", tape.gradient(loss, z).numpy().round(4))
print("gradiente en h por f'(z):       ", by_hand.numpy().round(4))

# %% [markdown]
# **Predice.** ¿Cuál es la mayor pendiente que puede tener la sigmoide, $f(z) = 1/(1+e^{-z})$? ¿Y la de tanh?

# %%
prediction = "escribe aquí tu predicción"

# %% [markdown]
# Estas son las nueve activaciones de la clase. $\mathbb{E}[f'(z)^2]$ se calcula con $z$ normal estándar: es lo que
# queda del cuadrado del gradiente, en promedio, después de atravesar la activación. $f(-\infty)$ y $f(\infty)$ dicen
# hacia dónde *satura*: si la función se aplana, su pendiente se apaga.

# %%
functions = {
    "relu": keras.activations.relu,
    "tanh": keras.activations.tanh,
    "sigmoid": keras.activations.sigmoid,
    "leaky_relu (0.01)": functools.partial(keras.activations.leaky_relu, negative_slope=0.01),
    "elu": keras.activations.elu,
    "selu": keras.activations.selu,
    "gelu": keras.activations.gelu,
    "swish (silu)": keras.activations.silu,
    "mish": keras.activations.mish,
}
z = np.linspace(-4, 4, 401, dtype="float32")
normal = np.random.default_rng(109).standard_normal(200_000).astype("float32")

print("Tu predicción:", prediction)
print(f"{'':18} {'máx f′':>7} {'E[f′²]':>7} {'f(-30)':>8} {'f(30)':>7}")
for name, f in functions.items():
    steepest, kept = np.max(slope(f, z)), np.mean(np.square(slope(f, normal)))
    left, right = np.array(f(tf.constant([-30.0, 30.0])))
    print(f"{name:18} {steepest:7.3f} {kept:7.3f} {left + 0:8.2f} {right:7.2f}")

curves = {name: (np.array(f(z)), np.array(slope(f, z))) for name, f in functions.items()}
figure = kit.plot_functions(z, curves, "Nueve activaciones y sus pendientes")

# %% [markdown]
# Tres familias:
#
# - **Sigmoide y tanh** saturan en los dos extremos. La sigmoide, además, nunca tiene pendiente mayor que $1/4$.
# - **ReLU** tiene pendiente 1 o 0: deja pasar el gradiente entero o lo corta. `leaky_relu` cambia ese 0 por 0.01.
# - **ELU, SELU, GELU, Swish y Mish** son parecidas a ReLU a la derecha y curvas cerca de cero. ELU y SELU se aplanan a
#   la izquierda en un valor negativo; GELU, Swish y Mish vuelven a cero.

# %% [markdown]
# ## 2. Inicializar una capa con muy pocas entradas
#
# Trabajaremos con puntos del plano, así que la primera capa va de 2 entradas a 64 neuronas. Con
# cantidades de entradas y salidas tan distintas, las reglas de la clase 108 discrepan mucho:
#
# $$\text{xavier: } \frac{2}{n_\text{in}+n_\text{out}}, \qquad \text{he: } \frac{2}{n_\text{in}}, \qquad
#   \text{lecun: } \frac{1}{n_\text{in}}, \qquad \text{torch\_default: } \frac{1}{3\,n_\text{in}}.$$
#
# La última es la de `nn.Linear` en PyTorch, una uniforme en $\pm 1/\sqrt{n_\text{in}}$. (PyTorch sortea igual los
# sesgos; aquí los dejaremos en cero, para que solo cambien los kernels.)

# %%
for n_in, n_out in ((2, 64), (64, 64)):
    rules = {"xavier": 2 / (n_in + n_out), "he": 2 / n_in, "lecun": 1 / n_in, "torch_default": 1 / (3 * n_in)}
    deviations = "   ".join(f"{name} {math.sqrt(variance):.3f}" for name, variance in rules.items())
    print(f"{n_in:2} → {n_out}: desviación de los pesos   {deviations}")

# %% [markdown]
# En la capa de 2 a 64, Xavier da los pesos más pequeños de los cuatro: promedia la ida con una vuelta de 64 caminos. En
# la capa de 64 a 64 ya no. Recuérdalo al leer los resultados.

# %% [markdown]
# ## Ejercicio 1. Cinco pares, dos conjuntos de datos
#
# Vas a comparar cinco pares de activación e inicializador en dos problemas: uno fácil (dos nubes separadas) y uno
# difícil (dos medias lunas). Empieza por los datos. La función `split` ya está escrita: mezcla y divide.


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
figure = kit.plot_points({"nubes": make_blobs(42), "lunas": make_moons(42)}, "Los dos conjuntos de entrenamiento")

# %% [markdown]
# Las nubes se separan con una recta; las lunas, no. Siguen las funciones que buscan la activación y el inicializador.
# Un detalle de Keras: la pendiente negativa de `leaky_relu` es 0.2 si no la eliges, y aquí la queremos de 0.01.


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
for name in ("relu", "leaky_relu", "sigmoid"):
    print(f"{name:11} f(-2), f(0), f(2):", np.array(get_activation(name)(tf.constant([-2.0, 0.0, 2.0]))).round(3))

for scheme in ("xavier", "he", "lecun", "torch_default"):
    kernel = np.array(get_initializer(scheme)((64, 64)))  # (64, 64)
    print(f"{scheme:14} 64 × var(w) = {64 * kernel.var():.3f}")

# %% [markdown]
# Y ahora la red, su entrenamiento y la comparación.


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
        for index, (name, history) in enumerate(histories.items()):
            style, width = ("-", "--", "-.", ":")[index % 4], 3.5 - 0.5 * index  # se ven también donde se tapan
            ax.plot(range(1, len(history[key]) + 1), history[key], style, linewidth=width, label=name)
        ax.set(title=ylabel.capitalize(), xlabel="época", ylabel=ylabel)
        ax.grid(alpha=0.3)
        ax.legend()
    return figure
    # END SOLUTION


# %% [markdown]
# **Predice.** En las nubes, el problema fácil, ¿habrá pares que terminen con menos exactitud que los demás después de
# 10 épocas? ¿Cuál será el más lento?

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)
blob_histories = compare_pairs(make_blobs(42), seed=42, epochs=10)
figure = plot_comparison(blob_histories)

# %% [markdown]
# En un problema fácil casi cualquier par sirve: si solo miras la exactitud final, todos parecen iguales. La pérdida sí
# los distingue, porque la sigmoide tarda varias épocas en arrancar. Ahora, las lunas.

# %%
moon_histories = compare_pairs(make_moons(42), seed=42)
figure = plot_comparison(moon_histories)

# %% [markdown]
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("109.1")

# %% [markdown]
# ## 3. Una semilla no alcanza
#
# Lo anterior es una corrida por par. ¿Cuánto de lo que viste es azar? Con $S$ corridas independientes, el intervalo del
# 95 % de la media es
#
# $$\bar d \;\pm\; t_{0.975,\,S-1}\,\frac{s}{\sqrt S},$$
#
# y si dos configuraciones comparten semillas se aplica a las *diferencias* $d_i$, una por semilla: la comparación
# pareada descuenta lo que hace fácil o difícil a cada sorteo. `kit.mean_interval` hace esa cuenta, y `kit.train_many`
# entrena varias redes a la vez, cada una igual que `kit.train`.

# %%
d = [0.31, 0.28, 0.35, 0.22, 0.30]
s = np.std(d, ddof=1)
print(f"a mano: {np.mean(d):.3f} ± {2.776 * s / math.sqrt(5):.3f}     kit: {kit.mean_interval(d)}")


# %%
def build_many(activation, scheme, seeds, **options):
    """Una red de `build_pair` por semilla."""
    models = []
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        models.append(build_pair(activation, scheme, **options))
    return models


def race(activation, scheme, datasets, learning_rate=0.1, epochs=30):
    """Entrena un par en varios conjuntos de datos, con una semilla para cada uno.

    Devuelve las redes entrenadas y sus curvas, arreglos de forma (semillas, épocas).
    """
    seeds = range(len(datasets))
    models = build_many(activation, scheme, seeds)
    curves = kit.train_many(
        models,
        datasets,
        optimizer=keras.optimizers.SGD(learning_rate),
        batch_size=32,
        epochs=epochs,
        seeds=seeds,
        title=f"{activation}+{scheme}",
    )
    return models, curves


# %%
moons = [make_moons(seed) for seed in range(12)]
extra_pair = ("tanh", "he")  # el mismo tanh con otro inicializador
results = {f"{f}+{scheme}": race(f, scheme, moons) for f, scheme in [*PAIRS, extra_pair]}

header = ("pérdida, época 1", "pérdida, época 30", "exactitud final", "épocas en que sube")
print(f"{'par':20}", " ".join(f"{title:>18}" for title in header))
for name, (_, curves) in results.items():
    loss, accuracy = curves["val_loss"], curves["val_accuracy"]
    rises = np.mean(np.diff(loss, axis=1) > 0, axis=1)  # fracción de las épocas en que la pérdida subió
    columns = (kit.mean_interval(v) for v in (loss[:, 0], loss[:, -1], accuracy[:, -1], rises))
    print(f"{name:20}", " ".join(f"{column!s:>18}" for column in columns))

title = "Lunas: 12 semillas por par"
losses = {name: curves["val_loss"] for name, (_, curves) in results.items()}
figure = kit.plot_bands(losses, title, "época", "pérdida de validación")

# %% [markdown]
# La última columna dice qué tan *estable* fue el entrenamiento: en qué fracción de las épocas la pérdida de validación
# subió. Los que menos suben son `relu+torch_default` y `sigmoid+xavier`. Por qué, esta tabla no lo dice: una
# explicación posible es que sus gradientes empiezan más pequeños. Estable no quiere decir bueno, y la sigmoide es la
# prueba: sube poco y es la peor.
#
# Esto es lo que aprendió cada red, en la primera semilla. La línea negra es la frontera entre las clases.

# %%
shown = ("relu+he", "tanh+xavier", "sigmoid+xavier")
classifiers = {name: results[name][0][0] for name in shown}
figure = kit.plot_regions(classifiers, moons[0], "Lo que responde cada red después de 30 épocas")

# %% [markdown]
# La sigmoide sigue casi en una recta. Ahora la pregunta de fondo: **si solo cambia el inicializador, ¿qué cambia?**


# %%
def paired(first, second, epoch):
    """Diferencia de pérdida de validación, primero menos segundo, en una época (desde 1)."""
    return kit.mean_interval(losses[first][:, epoch - 1] - losses[second][:, epoch - 1])


for epoch in (1, 5, 30):
    relu = paired("relu+he", "relu+torch_default", epoch)
    tanh = paired("tanh+he", "tanh+xavier", epoch)
    print(f"época {epoch:2}:   ReLU, he - torch_default: {relu!s:>15}    tanh, he - xavier: {tanh!s:>15}")

# %% [markdown]
# Un intervalo que contiene el 0 no muestra una diferencia. Léelo con cuidado:
#
# - **ReLU.** Con He la pérdida baja antes: la diferencia está en las primeras épocas. A las 30, con una red de dos
#   capas ocultas, ya no se ve.
# - **tanh.** Aquí He le gana a Xavier, y la diferencia crece. ¿Contradice eso a la clase 108? Sospechemos de la primera
#   capa, de 2 a 64, donde Xavier da pesos casi seis veces más pequeños que He (sección 2). Para comprobarlo, dejemos
#   Xavier en todas partes menos ahí: basta multiplicar ese kernel por $\sqrt{33}$, el cociente de las dos desviaciones.

# %%
models = build_many("tanh", "xavier", range(12))
for model in models:
    kernel = model.layers[0].kernel  # (2, 64)
    kernel.assign(math.sqrt((2 / 2) / (2 / 66)) * kernel)
settings = {"optimizer": keras.optimizers.SGD(0.1), "batch_size": 32, "epochs": 30, "seeds": range(12)}
losses["tanh, he solo en la primera"] = kit.train_many(models, moons, title="mezcla", **settings)["val_loss"]

for other in ("tanh+xavier", "tanh+he"):
    print(f"He solo en la primera capa, menos {other:11}: {paired('tanh, he solo en la primera', other, 30)}")

# %% [markdown]
# Casi toda la ventaja de He era esa capa. La regla que conserva la varianza entre capas de igual ancho no promete nada
# de una capa de 2 a 64; con los pesos de Xavier, tanh empieza casi lineal y le cuesta doblar la frontera. «tanh va con
# Xavier» es un buen punto de partida, no un teorema: mide tu red.
#
# ¿Y si la tasa de aprendizaje fuera otra?

# %%
for learning_rate in (0.01, 0.1, 0.5):
    line = [f"tasa {learning_rate:4}:"]
    for f, scheme in PAIRS:
        name = f"{f}+{scheme}"
        known = learning_rate == 0.1  # ya está entrenado
        curves = results[name][1] if known else race(f, scheme, moons[:6], learning_rate)[1]
        line.append(f"{name} {kit.mean_interval(curves['val_accuracy'][:6, -1])}")
    print("\n    ".join(line))

# %% [markdown]
# Los pares con ReLU o Leaky ReLU y He están entre los mejores con las tres tasas: eso es lo que se llama un par
# *robusto*. La sigmoide es la peor con las tres.

# %% [markdown]
# ## 4. Ceros y neuronas muertas
#
# Una neurona ReLU está **muerta** si da 0 en *todos* los ejemplos. Ahí su pendiente es 0, así que su gradiente también:
# nada de lo que pase en su propia capa la moverá. Que dé 0 en *algunos* ejemplos no es un problema, es su trabajo. Si
# $z$ es simétrica,
#
# $$P\big(\mathrm{ReLU}(z) = 0\big) = \tfrac12,$$
#
# sea cual sea la escala de los pesos. Para morir hay que fallar en todos los ejemplos a la vez.

# %%
rng = np.random.default_rng(109)
x = rng.standard_normal((1000, 20))  # (1000, 20)
for scale in (0.01, 1, 100):
    h = np.maximum(x @ (scale * rng.standard_normal((20, 300))), 0)  # (1000, 300)
    print(f"escala {scale:6}: ceros {np.mean(h == 0):.3f}, neuronas muertas {np.mean(np.all(h == 0, axis=0)):.3f}")

# %% [markdown]
# Una red puede **nacer muerta** (Lu et al., 2019) si es angosta y profunda. Para un solo ejemplo, con $N$ neuronas por
# capa, una capa entera da 0 con probabilidad $2^{-N}$, y de ahí en adelante todo es 0. Con muchos ejemplos es más
# difícil, porque tienen que apagarse todos a la vez.
#
# $$P(\text{red apagada en } L \text{ capas}) = 1 - \left(1 - 2^{-N}\right)^L.$$


# %%
def off_share(width, depth, examples, networks=2000):
    """Fracción de redes ReLU con pesos de He cuya última capa da 0 en todos los ejemplos."""
    h = rng.standard_normal((networks, examples, width))
    for _ in range(depth):
        W = math.sqrt(2 / width) * rng.standard_normal((networks, width, width))
        h = np.maximum(h @ W, 0)  # (networks, examples, width)
    return np.mean(np.all(h == 0, axis=(1, 2)))


depth = 20
print(f"{depth} capas      fórmula    un ejemplo   100 ejemplos")
for width in (2, 4, 8, 16):
    formula = 1 - (1 - 2.0**-width) ** depth
    print(f"ancho {width:2}: {formula:10.3f} {off_share(width, depth, 1):13.3f} {off_share(width, depth, 100):14.3f}")

# %% [markdown]
# Con 2 neuronas por capa, casi todas las redes nacen apagadas; con 16, prácticamente ninguna. El ancho protege.

# %% [markdown]
# ## Ejercicio 2. Contar ceros y contar muertas
#
# Escribe las dos medidas. `hidden_outputs` ya está escrita y te da las salidas de las capas ocultas.


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
# **Predice.** En una red ReLU de la sección 3 sin entrenar, ¿qué fracción de ceros y qué fracción de neuronas muertas
# esperas? ¿Y si la entrenas con una tasa de aprendizaje enorme?

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)


def zeros_and_dead(models):
    """Fracción de ceros y de neuronas muertas de cada red, con sus datos de entrenamiento."""
    pairs = list(zip(models, moons, strict=False))
    zeros = [relu_zero_fraction(model, data.x_train) for model, data in pairs]
    return zeros, [dead_unit_fraction(model, data.x_train) for model, data in pairs]


rates = (0.1, 0.5, 1.0, 1.5)
zeros, dead, accuracy = ([] for _ in range(3))
fresh = zeros_and_dead(build_many("relu", "he", range(12)))
print(f"sin entrenar: ceros {kit.mean_interval(fresh[0])}, muertas {kit.mean_interval(fresh[1])}")

for rate in rates:
    models, curves = race("relu", "he", moons, learning_rate=rate, epochs=15)
    for collected, values in zip((zeros, dead), zeros_and_dead(models), strict=True):
        collected.append(values)
    accuracy.append(curves["val_accuracy"][:, -1])
    print(
        f"tasa {rate:3}:     ceros {kit.mean_interval(zeros[-1])}, muertas {kit.mean_interval(dead[-1])}, "
        f"exactitud {kit.mean_interval(accuracy[-1])}"
    )

series = {"ceros": np.transpose(zeros), "neuronas muertas": np.transpose(dead)}
title = "ReLU con He en las lunas, 15 épocas, 12 semillas"
figure = kit.plot_bands(series, title, "tasa de aprendizaje", "fracción", x=rates)

# %% [markdown]
# Al empezar, la mitad de las salidas son ceros y solo unas pocas neuronas de cada cien están muertas: la fracción de
# ceros no mide neuronas muertas.
# Con tasas grandes, un paso lleva a muchas neuronas a una región donde ya nunca se activan. Fíjate en que la exactitud
# puede seguir siendo buena: 64 neuronas por capa son muchas más de las que hacen falta.
#
# Comprobemos que una neurona muerta de la primera capa no tiene gradiente, y que con `leaky_relu` sí lo tiene.

# %%
data = moons[0]
for name in ("relu", "leaky_relu"):
    keras.utils.set_random_seed(0)
    model = build_pair(name, "he")
    weights = model.get_weights()
    weights[1][0] = -100.0  # el sesgo de la neurona 0 de la primera capa: nunca se activará
    model.set_weights(weights)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(data.y_train, model(data.x_train)))
    gradient = tape.gradient(loss, model.layers[0].kernel.value)  # (2, 64)
    print(f"{name:11} gradiente de la neurona 0: {rms(gradient[:, 0]):.1e}, de la neurona 1: {rms(gradient[:, 1]):.1e}")

# %% [markdown]
# ¿Por qué no usar entonces una pendiente negativa grande? Porque al acercarse a 1 la activación se vuelve lineal, y una
# red lineal no puede doblar la frontera:
#
# $$f(z) = \begin{cases} z & z > 0\\ \alpha z & z \le 0\end{cases}
#   \qquad\xrightarrow{\;\alpha \to 1\;}\qquad f(z) = z.$$

# %%
slopes, by_slope = (0.0, 0.01, 0.1, 0.3, 0.6, 1.0), []
for alpha in slopes:
    models = build_many("relu", "he", range(8))
    for model in models:
        for layer in model.layers[:-1]:
            layer.activation = functools.partial(keras.activations.leaky_relu, negative_slope=alpha)
    sgd = keras.optimizers.SGD(0.1)
    settings = {"optimizer": sgd, "batch_size": 32, "epochs": 30, "seeds": range(8)}
    curves = kit.train_many(models, moons[:8], title=f"pendiente {alpha}", **settings)
    by_slope.append(100 * curves["val_accuracy"][:, -1])

title = "El precio de la pendiente negativa (lunas, 8 semillas)"
accuracy_by_slope = {"exactitud después de 30 épocas": np.transpose(by_slope)}
figure = kit.plot_bands(accuracy_by_slope, title, "pendiente negativa α", "exactitud de validación (%)", x=slopes)
for index in (1, -1):
    change = kit.mean_interval(by_slope[index] - by_slope[0])
    print(f"α = {slopes[index]} menos α = 0: {change.mean:+.1f} ± {change.half_width:.1f} puntos de exactitud")

# %% [markdown]
# Con 0.01 no se pierde nada, y tampoco se gana nada visible en esta red. Con 1 solo queda la mejor recta.
#
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("109.2")

# %% [markdown]
# ## 5. Saturación
#
# Una neurona tanh con $|h| > 0.97$ está saturada: su pendiente, $1 - h^2$, es menor que 0.06. Ese $h$ corresponde a
# $|z| > z_0 = \operatorname{artanh} 0.97 \approx 2.09$. Si $z$ es normal de desviación $\sigma$, la fracción saturada
# es
#
# $$P(|z| > z_0) = \operatorname{erfc}\!\left(\frac{z_0}{\sigma\sqrt2}\right).$$

# %%
z0 = math.atanh(0.97)
for sigma in (0.5, 1.0, 2.0, 4.0):
    z = sigma * rng.standard_normal(200_000)
    h = np.tanh(z)
    formula, measured = math.erfc(z0 / (sigma * math.sqrt(2))), np.mean(np.abs(h) > 0.97)
    print(
        f"σ = {sigma}: saturadas {formula:.4f} (fórmula) {measured:.4f} (medida); pendiente media {np.mean(1 - h**2):.2f}"
    )

# %% [markdown]
# La sigmoide es una tanh disfrazada, $\operatorname{sigmoid}(z) = \tfrac12\big(1 + \tanh(z/2)\big)$, y satura en
# $|z| > 4.18$. Hay dos maneras de llegar ahí: pesos grandes, o **entradas grandes**. En la segunda es fácil caer: basta
# olvidar escalar los píxeles.

# %%
fashion = kit.subset(kit.load_fashion_mnist(), n_train=2000, n_val=1000)
mean, std = fashion.x_train.mean(), fashion.x_train.std()
fashion = fashion._replace(x_train=(fashion.x_train - mean) / std, x_val=(fashion.x_val - mean) / std)
pixels = {"de 0 a 255": 255 * (std * fashion.x_val + mean), "estandarizados": fashion.x_val}

for name, batch in pixels.items():
    shares = []
    for seed in range(5):
        keras.utils.set_random_seed(seed)
        h = np.tanh(batch @ np.array(get_initializer("xavier")((784, 256))))  # (1000, 256)
        shares.append((np.mean(np.abs(h) > 0.97), np.mean(1 - h**2)))
    saturated, slopes_left = (kit.mean_interval(part) for part in zip(*shares, strict=True))
    print(f"píxeles {name:15} saturadas {saturated}   pendiente media {slopes_left}")

# %% [markdown]
# Sin escalar, casi todas las neuronas empiezan saturadas, y los pesos correctos de Xavier no lo arreglan: la regla
# conserva la escala que recibe. Estandarizar las entradas es parte de la inicialización.

# %% [markdown]
# ## Ejercicio 3. La norma del gradiente en cada variable
#
# Para saber si el gradiente llega, hay que mirarlo capa por capa. Escribe la función que lo mide en un lote.
#
# Cuidado con las claves: en Keras 3 `variable.name` es `"kernel"` en *todas* las capas densas, así que un diccionario
# con esas claves guarda solo la última. `variable.path` es única.


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
# **Predice.** En una red sin entrenar de 10 capas ocultas, ¿cuántas veces más pequeño será el gradiente del primer
# kernel que el del último, con sigmoide y Xavier? ¿Y con ReLU y He?

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)
x, y = moons[0].x_train[:128], moons[0].y_train[:128]
norms_by_pair = {}
for f, scheme in (("relu", "he"), ("tanh", "xavier"), ("relu", "torch_default"), ("sigmoid", "xavier")):
    runs = []
    for model in build_many(f, scheme, range(8), units=(64,) * 10 + (2,)):
        _, norms = gradient_norms_one_batch(model, x, y)
        runs.append([norm for path, norm in norms.items() if path.endswith("kernel")])
    norms_by_pair[f"{f}+{scheme}"] = logs = np.log10(runs)  # (8, 11)
    ratio = kit.mean_interval(logs[:, 0] - logs[:, -1])
    print(f"{f + '+' + scheme:20} log10(primer kernel / último): {ratio.mean:6.2f} ± {ratio.half_width:.2f}")

title, ylabel = "Gradiente en una red sin entrenar de 10 capas ocultas (8 semillas)", "log10 de la norma"
figure = kit.plot_bands(norms_by_pair, title, "kernel (1 es el más cercano a la entrada)", ylabel)

# %% [markdown]
# Con SGD el paso de cada kernel es proporcional a su gradiente: en la red con sigmoide, las primeras capas se mueven
# millones de veces menos que la última. La red entrena su salida y deja su entrada al azar.
#
# La línea de `relu+torch_default` enseña otra cosa: es plana, pero está miles de veces más abajo. El gradiente de un
# kernel es el producto de la señal que *entra* a la capa por el gradiente que *llega* a ella. Con pesos pequeños, la
# señal se apaga hacia la salida y el gradiente se apaga hacia la entrada, así que el producto es diminuto en todas las
# capas. No basta comparar la primera con la última: mira también el nivel.
#
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("109.3")

# %% [markdown]
# ## 6. Un producto de derivadas
#
# El gradiente que llega a la entrada pasó por todas las capas. Para $L$ capas $h_l = f(h_{l-1}W_l)$,
#
# $$\frac{\partial h_L}{\partial h_0} = \prod_{l=1}^{L} W_l \, \operatorname{diag} f'(z_l).$$
#
# Si los pesos son independientes y tienen media cero, cada capa multiplica el tamaño (rms) del gradiente por
#
# $$q_l = \sqrt{n\,\mathrm{Var}(W_l)\;\mathbb{E}\big[f'(z_l)^2\big]},$$
#
# y el factor de vuelta de toda la pila es $q_1 q_2 \cdots q_L$. Un producto con muchos factores: otra vez el $a^N$ de
# la clase 108. Calculemos los $q_l$ de una pila de 20 capas.


# %%
def layer_factors(f, scheme, depth, width=128, seed=0, scale=1):
    """El factor q de cada capa de una pila sin entrenar, con los pesos de la regla multiplicados por `scale`."""
    keras.utils.set_random_seed(seed)
    h, factors = tf.random.normal((256, width)), []  # (256, width)
    for _ in range(depth):
        W = scale * get_initializer(scheme)((width, width))
        z = h @ W  # (256, width)
        factors.append(math.sqrt(width * np.var(W) * np.mean(np.square(slope(get_activation(f), z)))))
        h = get_activation(f)(z)
    return factors


stack_pairs = [("relu", "he"), ("relu", "xavier"), ("tanh", "xavier"), ("selu", "lecun"), ("sigmoid", "xavier")]
for f, scheme in stack_pairs:
    q = layer_factors(f, scheme, depth=20)
    print(
        f"{f + '+' + scheme:15} q de las capas 1, 2 y 20: {q[0]:.2f}  {q[1]:.2f}  {q[-1]:.2f}   producto {math.prod(q):.1e}"
    )

# %% [markdown]
# **La cota de la sigmoide.** Como $f' \le \tfrac14$, con $n\,\mathrm{Var}(W) = 1$ (Xavier en capas iguales) cada factor
# es a lo sumo $\tfrac14$, y el producto, a lo sumo
#
# $$\left(\tfrac14\right)^{L}.$$
#
# ¿Y si los pesos fueran cuatro veces más grandes, para compensar? Entonces $z$ es más grande, y la pendiente baja.

# %%
for depth in (5, 10, 20):
    print(f"L = {depth:2}: cota {0.25**depth:.1e}, producto {math.prod(layer_factors('sigmoid', 'xavier', depth)):.1e}")

for scale in (1, 2, 4, 8):
    print(f"pesos de Xavier por {scale}: q = {layer_factors('sigmoid', 'xavier', 20, scale=scale)[-1]:.2f}")

# %% [markdown]
# El cuádruple no alcanza: todavía se pierde cerca de un tercio del gradiente en cada capa.

# %% [markdown]
# ## Ejercicio 4. El factor de vuelta y la red que se encoge
#
# Mide ahora el factor de verdad, con el gradiente de TensorFlow y no con la fórmula. La segunda función es el caso sin
# activaciones: un producto de matrices es una matriz,
#
# $$\big((x W_1) W_2\big) \cdots W_L = x\,(W_1 W_2 \cdots W_L) = x M.$$


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
# **Predice.** ¿En cuáles de los cinco pares de la tabla anterior el factor medido a 20 capas estará lejos de 1?

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)
print(f"{'par':16} {'fórmula':>9} {'medido':>9}   (media geométrica de 5 semillas)")
for f, scheme in stack_pairs:
    formula = [sum(map(math.log, layer_factors(f, scheme, 20, seed=seed))) for seed in range(5)]
    measured = [math.log(backward_factor(f, scheme, depth=20, width=128, seed=seed)) for seed in range(5)]
    print(f"{f + '+' + scheme:16} {math.exp(np.mean(formula)):9.1e} {math.exp(np.mean(measured)):9.1e}")

# %% [markdown]
# ReLU con Xavier pierde un factor $1/\sqrt2$ por capa: $2^{-10} \approx 0.001$ en 20. La sigmoide pierde más de 4 por
# capa, con el mismo inicializador. Que «Xavier va con la sigmoide» solo se sostiene en redes de pocas capas.
#
# Ahora, la red sin activaciones: 50 capas equivalen a una.

# %%
keras.utils.set_random_seed(109)
kernels = [np.array(get_initializer("lecun")((30, 30))) for _ in range(50)]
x = np.random.default_rng(109).standard_normal((5, 30)).astype("float32")  # (5, 30)

h = x
for W in kernels:
    h = h @ W  # (5, 30)
M = collapse_linear(kernels)  # (30, 30)
print("números en las 50 capas:", sum(W.size for W in kernels), "  en M:", M.size)
print(f"tamaño de la salida {rms(h):.3f}; mayor diferencia con x @ M: {np.max(np.abs(h - x @ M)):.1e}")

# %% [markdown]
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("109.4")

# %% [markdown]
# ## 7. Cinco profundidades
#
# El factor por capa se eleva a la profundidad: una diferencia invisible con 5 capas decide todo con 50. *Ida* es el
# tamaño de las activaciones de la última capa; *vuelta*, el factor del ejercicio 4. Si el factor por capa es constante,
#
# $$\log_{10}(\text{vuelta}) = L \,\log_{10} q,$$
#
# así que cada par debería dar una recta.


# %%
def sweep(f, scheme, depths, width=128, seed=0):
    """Ida y vuelta a varias profundidades de una misma pila de capas sin entrenar."""
    keras.utils.set_random_seed(seed)
    x, upstream = tf.random.normal((256, width)), tf.random.normal((256, width))
    outputs = []
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        h = x  # (256, width)
        for _ in range(max(depths)):
            h = get_activation(f)(h @ get_initializer(scheme)((width, width)))
            outputs.append(h)
    backward = [tape.gradient(outputs[d - 1], x, output_gradients=upstream) for d in depths]
    return [rms(outputs[d - 1]) for d in depths], [rms(g) / rms(upstream) for g in backward]


depths = (5, 10, 20, 30, 50)
sweep_pairs = [*stack_pairs, ("relu", "torch_default"), ("tanh", "he"), ("selu", "he"), ("gelu", "he")]
forward, backward = {}, {}
for f, scheme in sweep_pairs:
    name = f"{f}+{scheme}"
    draws = [sweep(f, scheme, depths, seed=seed) for seed in range(4)]
    forward[name], backward[name] = (np.log10([draw[way] for draw in draws]) for way in (0, 1))

for title, logs in (("ida", forward), ("vuelta", backward)):
    print(f"{title:20}", "".join(f"{f'L = {d}':>10}" for d in depths))
    for name, values in logs.items():
        print(f"{name:20}", "".join(f"{10**value:10.1e}" for value in values.mean(axis=0)))

# %%
ylabel, vanishing = "log10 del factor de vuelta", ("relu+he", "relu+xavier", "relu+torch_default", "sigmoid+xavier")
lost = {name: backward[name] for name in vanishing}
figure = kit.plot_bands(lost, "Los pares que apagan el gradiente (4 semillas)", "capas", ylabel, x=depths, reference=0)
others = {name: values for name, values in backward.items() if name not in vanishing[1:]}
figure = kit.plot_bands(others, "Los demás, con otra escala (4 semillas)", "capas", ylabel, x=depths, reference=0)

# %% [markdown]
# Rectas, o casi, salvo tanh con Xavier y GELU con He. En la primera figura, la sigmoide y los pares de ReLU con pesos
# demasiado pequeños: con 5 capas el peor ya perdió tres órdenes de magnitud, y con 50, más de treinta.
#
# En la segunda, solo ReLU con He se queda cerca de 0. tanh con Xavier baja despacio, y no en línea recta: a 50 capas
# conserva cerca de un octavo. tanh con He y SELU con LeCun crecen cerca de un 4 % por capa: a 50 capas, un factor de
# entre 5 y 10. SELU con He crece más del doble de rápido. Y GELU con He empieza perdiendo poco, pero cada vez más: a 10
# capas conserva tres cuartos, y a 50, en promedio, ya perdió más de dos órdenes de magnitud, con sorteos muy distintos
# entre sí (mira lo ancha que es su banda). El 2 de He es el número de ReLU y no el de GELU; cuanto más pequeña es la
# señal, más cerca de 1/2 está la pendiente y más rápido se apaga.

# %% [markdown]
# ## 8. Que la señal llegue no basta
#
# Una red puede conservar el tamaño de la señal y aun así perder lo que distingue a una entrada de otra. Se mide con el
# coseno entre las activaciones de dos entradas,
#
# $$c = \frac{h \cdot h'}{\lVert h \rVert\,\lVert h' \rVert}.$$
#
# Si $c \to 1$, la red da casi lo mismo para cualquier entrada. Para ReLU con pesos de media cero y capas anchas se
# conoce la fórmula de una capa a la siguiente (Cho y Saul, 2009):
#
# $$c_{l+1} = \frac{1}{\pi}\Big(\sqrt{1 - c_l^2} + c_l\,(\pi - \arccos c_l)\Big).$$
#
# **Predice.** Dos entradas sin nada en común ($c = 0$) pasan por 30 capas de ReLU con He. ¿Seguirán siendo
# distinguibles?

# %%
prediction = "escribe aquí tu predicción"


# %%
def cosine_profile(f, scheme, depth=30, width=256, seed=0):
    """Coseno medio entre las activaciones de 64 pares de entradas N(0, 1), capa por capa."""
    keras.utils.set_random_seed(seed)
    h, profile = tf.random.normal((128, width)), []  # (128, width)
    for _ in range(depth):
        h = get_activation(f)(h @ get_initializer(scheme)((width, width)))
        unit = h / tf.norm(h, axis=1, keepdims=True)
        profile.append(float(tf.reduce_mean(tf.reduce_sum(unit[:64] * unit[64:], axis=1))))
    return profile


print("Tu predicción:", prediction)
cosines = {}
for f, scheme in (("relu", "he"), ("sigmoid", "xavier"), ("gelu", "he"), ("tanh", "xavier"), ("selu", "lecun")):
    cosines[f"{f}+{scheme}"] = [cosine_profile(f, scheme, seed=seed) for seed in range(4)]

c, formula = 0.0, []
for _ in range(30):
    c = (math.sqrt(1 - c**2) + c * (math.pi - math.acos(c))) / math.pi
    formula.append(c)
measured = np.mean(cosines["relu+he"], axis=0)
sigmoid = np.mean(cosines["sigmoid+xavier"], axis=0)
for layer in (1, 2, 5, 10, 30):
    print(f"capa {layer:2}: ReLU con He, fórmula {formula[layer - 1]:.3f}, medido {measured[layer - 1]:.3f}", end="")
    print(f"   sigmoide con Xavier {sigmoid[layer - 1]:.3f}")

title = "Coseno entre dos entradas que empezaron ortogonales (4 semillas)"
figure = kit.plot_bands(cosines, title, "capa", "coseno medio")

# %% [markdown]
# He conserva el tamaño, pero con ReLU las direcciones se juntan: a 30 capas el coseno pasa de 0.9. La sigmoide lo hace
# en dos, porque sus salidas son todas positivas. Las activaciones impares (tanh) y las de media cero (SELU) no juntan
# las entradas. Es una de las razones por las que una red ReLU muy profunda cuesta aun con He.

# %% [markdown]
# ## Ejercicio 5. Cuántas neuronas hay de verdad
#
# La otra condición para que una red funcione es que sus neuronas sean distintas (clase 108, sección 9). Cuenta cuántas
# lo son después de entrenar desde ceros, desde una constante y desde He.


# %%
def distinct_units(weights):
    """Cuenta las neuronas distintas de una capa.

    Argumentos:
        weights: kernel de la capa, arreglo de forma `(entradas, neuronas)`: una columna por neurona.

    Devuelve:
        Un entero: la cantidad de columnas distintas. Dos columnas son la misma neurona si ninguno de
        sus números difiere en más de 1e-5, porque al entrenar pueden aparecer diferencias
        de redondeo.
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
    igual: en 0, en 0.1 o con `get_initializer("he")`; los sesgos, en cero. Se entrena en
    `make_moons(seed)` con `kit.train`, `SGD(0.1)` sin momento, lotes de 32 y la misma `seed`;
    `keras.utils.set_random_seed(seed)` se llama antes de construir cada red.

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


# %% [markdown]
# **Predice.** De las 64 neuronas de la primera capa, ¿cuántas distintas quedarán en cada caso?

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)
for name, result in compare_starts(seed=42).items():
    kernel = result["kernel"]
    print(f"{name:9} neuronas distintas: {result['distinct']:2}    primeras tres: {kernel[0, :3].round(3)}")

# %% [markdown]
# Desde ceros no se movió ningún kernel (solo puede moverse el sesgo de la salida); desde la constante la red se movió,
# pero como si tuviera una neurona por capa. ¿Y si solo la salida es aleatoria? Prueba: las capas ocultas empiezan en
# 0.1 y la salida, con el sorteo por omisión de Keras.

# %%
keras.utils.set_random_seed(0)
model = build_pair("relu", "he")
model.set_weights([np.full_like(w, 0.1) if w.shape[-1] == 64 and w.ndim == 2 else w for w in model.get_weights()])
model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
kit.train(model, moons[0], batch_size=32, epochs=5, seed=0, title="salida al azar")
first, second = model.layers[0].kernel, model.layers[1].kernel
print(f"distintas en la primera capa: {distinct_units(first)}; en la segunda: más de una, {distinct_units(second) > 1}")

# %% [markdown]
# La segunda capa se separa, porque cada neurona recibe un gradiente distinto de la salida. La primera sigue siendo una
# sola: todas sus neuronas tienen los mismos pesos de salida (las filas del segundo kernel son iguales), así que todas
# reciben el mismo gradiente. La simetría de una capa se rompe si hay azar en alguno de sus dos lados, en los pesos que
# le entran o en los que le salen: la segunda lo tiene a la salida; la primera, en ninguno.
#
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("109.5")

# %% [markdown]
# ## 9. Treinta capas: el resultado de He
#
# He et al. (2015) entrenaron una red ReLU de 30 capas: con su inicialización aprende; con la de Xavier se queda quieta.
# Reproduzcámoslo en pequeño: 30 capas ocultas de 64 neuronas, 2,000 imágenes de Fashion-MNIST estandarizadas, 5 épocas,
# 8 semillas. La sección 7 dice qué esperar de Xavier: el tamaño de la señal y el del gradiente se multiplican por
#
# $$\left(\tfrac{1}{\sqrt2}\right)^{30} = 2^{-15} \approx 3 \times 10^{-5}.$$
#
# De paso, otra pregunta: **¿un optimizador mejor repara una mala inicialización?** Adam divide cada paso por el tamaño
# de los gradientes recientes, así que le importa poco que sean diminutos, mientras no bajen de su $\varepsilon$
# ($10^{-7}$ en Keras).

# %%
print(f"2^-15 = {2**-15:.1e}")
for scheme in ("he", "xavier"):
    draws = [sweep("relu", scheme, [30], width=64, seed=seed) for seed in range(5)]
    way_in, way_back = (np.exp(np.mean([math.log(draw[way][0]) for draw in draws])) for way in (0, 1))
    print(f"relu+{scheme:6} 30 capas de 64: ida {way_in:.1e}, vuelta {way_back:.1e}   (media geométrica)")

# %% [markdown]
# **Predice.** ¿Cuáles de estas tres aprenderán: He con SGD, Xavier con SGD, Xavier con Adam?

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)
seeds, deep = range(8), {}
for name, optimizer in (("SGD(0.01)", keras.optimizers.SGD(0.01)), ("Adam(0.001)", keras.optimizers.Adam(0.001))):
    models = [
        model
        for scheme in ("he", "xavier")
        for model in build_many("relu", scheme, seeds, units=(64,) * 30 + (10,), input_dim=784)
    ]
    settings = {"optimizer": optimizer, "batch_size": 32, "epochs": 5, "seeds": [*seeds, *seeds], "title": name}
    curves = kit.train_many(models, [fashion] * 16, **settings)  # 8 redes con He y 8 con Xavier
    deep[f"He, {name}"] = {key: values[:8] for key, values in curves.items()}
    deep[f"Xavier, {name}"] = {key: values[8:] for key, values in curves.items()}

for name, curves in deep.items():
    loss, accuracy = (kit.mean_interval(curves[key][:, -1]) for key in ("val_loss", "val_accuracy"))
    print(f"{name:20} pérdida final {loss}   exactitud final {accuracy}")

percent = {name: 100 * curves["val_accuracy"] for name, curves in deep.items()}
figure = kit.plot_bands(
    percent, "ReLU con 30 capas ocultas (8 semillas)", "época", "exactitud de validación (%)", reference=10
)

# %% [markdown]
# Con Xavier y SGD la pérdida no se mueve de $\ln 10 = 2.303$: la red responde casi lo mismo a todas las imágenes. Con
# He aprende. Y Adam saca del pozo a Xavier: un optimizador puede *tapar* una mala inicialización. ¿La deja como nueva?
# Comparemos las dos curvas de Adam, semilla por semilla.

# %%
adam = {scheme: 100 * deep[f"{scheme}, Adam(0.001)"]["val_accuracy"] for scheme in ("He", "Xavier")}  # (8, 5)
for label, difference in (
    ("época 1", (adam["He"] - adam["Xavier"])[:, 0]),
    ("media de 5", (adam["He"] - adam["Xavier"]).mean(axis=1)),
):
    ahead = kit.mean_interval(difference)
    print(f"con Adam, He menos Xavier, {label:10}: {ahead.mean:+.0f} ± {ahead.half_width:.0f} puntos")

# %% [markdown]
# No: con el mismo optimizador y las mismas épocas, He va por delante.

# %% [markdown]
# Lo que se reproduce aquí es la brecha, no las cifras del artículo, que son de redes convolucionales en ImageNet.

# %% [markdown]
# ## 10. BatchNorm y la escala de los pesos
#
# `BatchNormalization` resta a cada neurona su media en el lote y la divide por su desviación, así que multiplicar los
# pesos de la capa por $k > 0$ no cambia su salida:
#
# $$\mathrm{BN}(x\,kW) = \frac{k\,xW - \overline{k\,xW}}{\sqrt{k^2\,\mathrm{Var}(xW) + \varepsilon}}
#   \approx \mathrm{BN}(xW).$$

# %%
z = 3 + 2 * rng.standard_normal((500, 1))  # (500, 1), la preactivación de una neurona
for k in (0.01, 0.1, 1, 100):
    normalized = keras.layers.BatchNormalization()(k * z, training=True)  # ε = 0.001
    print(f"k = {k:6}: media {float(np.mean(normalized)):6.3f}, desviación {float(np.std(normalized)):.3f}")

# %% [markdown]
# Con $k$ muy pequeño aparece el $\varepsilon$. Probemos en una red entera: los pesos de He multiplicados por $k$, con y
# sin BatchNorm.


# %%
def bn_network(normalize, momentum=0.9):
    """Seis capas ocultas de 64 con ReLU, con o sin BatchNormalization antes de cada una."""
    model = keras.Sequential([keras.Input((784,))])
    for _ in range(6):
        model.add(keras.layers.Dense(64, kernel_initializer="he_normal"))
        if normalize:
            model.add(keras.layers.BatchNormalization(momentum=momentum))
        model.add(keras.layers.Activation("relu"))
    model.add(keras.layers.Dense(10, "softmax"))
    model.compile(keras.optimizers.SGD(0.05), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def scaled_start(model, k, seed):
    """Pesos nuevos para el modelo: los del sorteo `seed`, con los kernels ocultos multiplicados por k."""
    keras.utils.set_random_seed(seed)
    fresh = keras.models.clone_model(model)
    for layer in fresh.layers[:-1]:
        if isinstance(layer, keras.layers.Dense):
            layer.kernel.assign(k * layer.kernel)
    return fresh.get_weights()


def train_from(model, k, seed):
    """Exactitud de validación (%) después de 3 épocas, con los pesos de `scaled_start`."""
    model.set_weights(scaled_start(model, k, seed))  # SGD sin momento no recuerda nada
    batches = kit.epoch_batches(fashion.x_train, fashion.y_train, batch_size=64, seed=seed)
    model.fit(batches, epochs=3, shuffle=False, verbose=0)
    return 100 * model.evaluate(fashion.x_val, fashion.y_val, batch_size=1000, verbose=0)[1]


scales, by_scale = (0.1, 0.3, 1, 3, 10), {}
for label, normalize in (("sin BatchNorm", False), ("con BatchNorm", True)):
    model, columns = bn_network(normalize), []
    for k in scales:
        columns.append([train_from(model, k, seed) for seed in range(4)])
        accuracy = kit.mean_interval(columns[-1])
        print(f"{label}, k = {k:4}: exactitud {accuracy.mean:4.0f} ± {accuracy.half_width:.0f} %")
    by_scale[label] = np.transpose(columns)

title, ylabel = "Pesos de He multiplicados por k (4 semillas)", "exactitud de validación (%)"
figure = kit.plot_bands(by_scale, title, "k", ylabel, x=scales, xscale="log", reference=10)

# %% [markdown]
# Sin normalizar, la red aprende solo cerca de $k = 1$. Con BatchNorm aprende en las cinco escalas, aunque no igual de
# bien en todas. La razón está en el paso: si la salida no cambia al multiplicar $W$ por $k$, el gradiente se *divide*
# por $k$, y un paso de SGD cambia el kernel, en proporción, $k^2$ veces menos:
#
# $$\frac{\lVert \eta\,\nabla_{kW} \rVert}{\lVert kW \rVert} = \frac{1}{k^2}\,
#   \frac{\lVert \eta\,\nabla_{W} \rVert}{\lVert W \rVert}.$$


# %%
def relative_step(model, k):
    """Tamaño del primer paso de SGD(0.05) en el segundo kernel, en proporción al kernel."""
    model.set_weights(scaled_start(model, k, seed=0))
    kernel = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)][1].kernel
    with tf.GradientTape() as tape:
        outputs = model(fashion.x_train[:256], training=True)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(fashion.y_train[:256], outputs))
    return 0.05 * float(tf.norm(tape.gradient(loss, kernel.value)) / tf.norm(kernel.value))


for k in (1, 3, 10):
    step = relative_step(model, k)  # el modelo de la celda anterior, con BatchNorm
    print(f"k = {k:2}: paso relativo {step:.1e}, por k²: {step * k**2:.1e}")

# %% [markdown]
# Con $k = 10$ los kernels ocultos avanzan cien veces más despacio, como si alguien les hubiera bajado la tasa de
# aprendizaje; la salida y los parámetros de BatchNorm siguen a su paso, y por eso la red todavía aprende. La
# normalización vuelve menos delicada la inicialización; no la vuelve irrelevante.

# %% [markdown]
# ## 11. Otras maneras de empezar: ortogonal, LSUV, SELU
#
# **Ortogonal** (Saxe et al., 2014). Una matriz gaussiana con varianza $1/n$ conserva la norma en promedio; una
# ortogonal ($W^\top W = I$) la conserva en *cada* entrada. La diferencia se ve en los valores singulares de un producto
# de muchas:
#
# $$\lVert x\,W_1 \cdots W_L \rVert = \lVert x \rVert \quad\text{si todas las } W_l \text{ son ortogonales.}$$

# %%
keras.utils.set_random_seed(109)
starts = {
    "gaussiana 1/n": lambda: keras.initializers.RandomNormal(stddev=1 / math.sqrt(128)),
    "ortogonal": keras.initializers.Orthogonal,
}
for name, new_initializer in starts.items():
    product = collapse_linear([np.array(new_initializer()((128, 128)), dtype=float) for _ in range(20)])
    singular = np.linalg.svd(product, compute_uv=False)
    print(
        f"{name:14} valores singulares de 20 capas: mayor {singular[0]:.1e}, del medio {singular[64]:.1e}, menor {singular[-1]:.1e}"
    )

# %% [markdown]
# Con la gaussiana, unas pocas direcciones crecen y la mitad queda reducida a una milésima o menos. Con ReLU la
# ortogonal lleva ganancia $\sqrt2$, por la misma mitad que perdía He: `Orthogonal(gain=math.sqrt(2))`.
#
# **LSUV** (Mishkin y Matas, 2016) no calcula la escala: la mide. Empieza con matrices ortogonales y, capa por capa,
# divide cada una por la desviación de sus preactivaciones en un lote real:
#
# $$W_l \leftarrow \frac{W_l}{\operatorname{std}(h_{l-1} W_l)}.$$
#
# Sirve para cualquier activación, también para las que no tienen una regla con nombre, como GELU.


# %%
def lsuv(f, kernels, batch):
    """Kernels reescalados para que, en el lote, las preactivaciones de cada capa tengan desviación 1."""
    h, scaled = batch, []
    for W in kernels:
        scaled.append(W / np.std(h @ W))
        h = np.array(get_activation(f)(h @ scaled[-1]))
    return scaled


def profile(f, kernels, batch):
    """Tamaño de las activaciones después de cada capa."""
    h, sizes = batch, []
    for W in kernels:
        h = np.array(get_activation(f)(h @ W))
        sizes.append(rms(h))
    return sizes


depth, batch = 30, np.random.default_rng(109).standard_normal((256, 128)).astype("float32")  # (256, 128)
runs = {"He": [], "ortogonal": [], "LSUV": []}
for seed in range(5):
    keras.utils.set_random_seed(seed)
    he = [np.array(get_initializer("he")((128, 128))) for _ in range(depth)]
    orthogonal = [np.array(keras.initializers.Orthogonal()((128, 128))) for _ in range(depth)]
    for name, kernels in (("He", he), ("ortogonal", orthogonal), ("LSUV", lsuv("gelu", orthogonal, batch))):
        runs[name].append(np.log10(profile("gelu", kernels, batch)))
title, ylabel = "GELU, 30 capas sin entrenar (5 semillas)", "log10 del tamaño de las activaciones"
figure = kit.plot_bands(runs, title, "capa", ylabel, reference=0)

# %% [markdown]
# **SELU con LeCun.** Las constantes de SELU están elegidas para que la media 0 y la varianza 1 sean un *punto fijo*:
# si $z \sim N(0, 1)$, entonces
#
# $$\mathbb{E}[\mathrm{selu}(z)] = 0, \qquad \mathbb{E}[\mathrm{selu}(z)^2] = 1,$$
#
# y las capas atraen la señal hacia ahí aunque no empiece en ese punto. La condición es $n\,\mathrm{Var}(W) = 1$, o sea
# LeCun; con He la señal sigue creciendo.

# %%
h = np.array(get_activation("selu")(rng.standard_normal(1_000_000).astype("float32")))
print(f"z ~ N(0, 1):  E[selu] = {h.mean():.3f},  E[selu²] = {np.mean(h**2):.3f}")

for scheme in ("lecun", "he"):
    keras.utils.set_random_seed(109)
    h = (0.5 + 3 * batch).astype("float32")  # (256, 128), lejos del punto fijo
    trace = []
    for layer in range(1, 31):
        h = np.array(get_activation("selu")(h @ np.array(get_initializer(scheme)((128, 128)))))
        if layer in (1, 5, 15, 30):
            trace.append(f"capa {layer}: {h.mean():5.2f}, {h.std():5.2f}")
    print(f"selu+{scheme:6} (media, desviación)  {'   '.join(trace)}")

# %% [markdown]
# ## 12. Transformers: 0.02 y las ramas residuales
#
# BERT y GPT-2 sortean sus pesos con desviación 0.02. En una red *sin* normalización ni ramas residuales sería una mala
# idea; en un transformer hay las dos cosas. En GPT-2 cada rama normaliza su entrada y **suma** su resultado,
# $h \leftarrow h + g(h)$ (BERT normaliza después de sumar). Si cada rama suma una varianza $v$, después de $L$ ramas
#
# $$\mathbb{E}[h^2] = 1 + L\,v,$$
#
# que crece con la profundidad. GPT-2 (Radford et al., 2019) divide por $\sqrt{L}$ los pesos que cierran cada rama
# (tiene dos por bloque, la atención y la red densa), y queda $1 + v$.
#
# Comprobémoslo con 12 ramas del tamaño de GPT-2, $d = 768$: dos capas, de 768 a 3,072 y de vuelta, con ReLU (GPT-2 usa
# GELU). La primera capa da varianza $d\,0.02^2$; ReLU deja la mitad; la segunda la multiplica por $4d\,0.02^2$.

# %%
d, L, s = 768, 12, 0.02
v = (d * s**2 / 2) * (4 * d * s**2)


def residual_stream(branch_scale, seed):
    """Tamaño de la señal después de L ramas residuales cuyo último kernel se multiplica por branch_scale."""
    keras.utils.set_random_seed(seed)
    h = tf.random.normal((64, d))
    for _ in range(L):
        normalized = keras.layers.LayerNormalization()(h)  # (64, d)
        hidden = tf.nn.relu(normalized @ tf.random.normal((d, 4 * d), stddev=s))  # (64, 4d)
        h = h + hidden @ tf.random.normal((4 * d, d), stddev=s * branch_scale)
    return rms(h)


for label, branch_scale, formula in (("sin escalar", 1, 1 + L * v), ("con 1/√L", 1 / math.sqrt(L), 1 + v)):
    measured = kit.mean_interval([residual_stream(branch_scale, seed) for seed in range(3)])
    print(f"{label:12} fórmula √E[h²] = {math.sqrt(formula):.3f}, medido {measured}")

h = np.random.default_rng(0).standard_normal((64, d))
for _ in range(L):
    h = np.maximum(h @ (s * rng.standard_normal((d, d))), 0)
print(f"12 capas ReLU con 0.02, sin normalizar ni sumar: {rms(h):.1e}")

# %% [markdown]
# ## 13. Por dónde empezar cuando una red no aprende
#
# Cuatro medidas en un lote, antes de tocar la tasa de aprendizaje:
#
# 1. **La primera pérdida.** Debe estar cerca de $\ln(\text{clases})$. Mucho mayor: pesos o entradas demasiado grandes.
# 2. **El tamaño de la señal, por capa.** Si cae o crece sin parar, la escala del inicializador no va con la activación.
# 3. **La norma del gradiente, por capa.** Si difiere en muchos órdenes de magnitud entre capas, o si es diminuta en
#    todas, lo mismo.
# 4. **Neuronas muertas o saturadas.** Si la señal es buena y el gradiente no, están aquí.
#
# La columna |h| > 0.97 solo habla de saturación con tanh: con ReLU, una salida grande no es un problema. `muertas` cuenta
# las neuronas que dan 0 en todo el lote.
#
# **Predice.** Estas tres redes de 6 capas están enfermas. Antes de mirar `sick`, di qué tiene cada una.


# %%
def diagnose(model, x, y):
    """Imprime las cuatro medidas de una red densa."""
    loss, norms = gradient_norms_one_batch(model, x, y)
    kernels = [norm for path, norm in norms.items() if path.endswith("kernel")]
    print(f"  primera pérdida {loss:.2f} (ln 2 = {math.log(2):.2f})")
    print("  capa    señal   muertas  |h| > 0.97   gradiente")
    for layer, (h, norm) in enumerate(zip(hidden_outputs(model, x), kernels, strict=False), start=1):
        dead, saturated = np.mean(np.all(h == 0, axis=0)), np.mean(np.abs(h) > 0.97)
        print(f"  {layer:4} {rms(h):8.1e} {dead:9.2f} {saturated:11.2f} {norm:11.1e}")


def sick(case):
    """Devuelve una red y un lote; hay tres casos: A, B y C."""
    keras.utils.set_random_seed(109)
    units, x, y = (64,) * 6 + (2,), moons[0].x_train[:128], moons[0].y_train[:128]
    if case == "A":
        return build_pair("relu", "torch_default", units=units), x, y
    if case == "B":
        return build_pair("tanh", "he", units=units), 100 * x, y
    model = build_pair("relu", "he", units=units)
    model.layers[2].bias.assign(np.full(64, -100.0))
    return model, x, y


for case in "ABC":
    print(f"caso {case}")
    diagnose(*sick(case))

# %%
diagnosis = {"A": "escribe aquí", "B": "escribe aquí", "C": "escribe aquí"}

# %% [markdown]
# <details><summary>Solución</summary>
#
# **A.** Señal que se apaga: ReLU con pesos de varianza $1/(3n)$, seis veces menor que la de He: la
# señal se multiplica por $1/\sqrt6 \approx 0.41$ en cada capa. **B.** Entradas sin
# escalar: la primera capa está saturada casi entera. **C.** Una capa muerta: desde la tercera no sale nada, la primera
# pérdida es exactamente $\ln 2$ y ningún kernel recibe gradiente.
#
# </details>

# %% [markdown]
# ## Errores comunes
#
# | | síntoma | causa | arreglo |
# |:---|:---|:---|:---|
# | E1 | el diccionario de normas tiene dos entradas | claves con `variable.name`, que se repite | `variable.path` |
# | E2 | tu Leaky ReLU no coincide con la de otra persona | pendiente 0.2 (función), 0.3 (capa), 0.01 (PyTorch) | elígela siempre |
# | E3 | «la mitad de mis neuronas está muerta» | se contaron ceros, no neuronas | todos los ejemplos a la vez |
# | E4 | la pérdida se queda en $\ln 2$ con 10 capas de sigmoide | $(1/4)^{L}$ | ReLU con He, tanh con Xavier |
# | E5 | la pérdida se queda en $\ln 10$ con 30 capas ReLU | Xavier: $2^{-15}$ | He |
# | E6 | la red deja de aprender de golpe | tasa de aprendizaje que mata o dispara | bájala de diez en diez hasta que aprenda |
# | E7 | `tape.gradient` devuelve `None` | la entrada no se vigila, o hubo un paso por NumPy | `tape.watch`; todo en tensores |
# | E8 | `ValueError` al crear la capa | el nombre no existe, como `"leaky"` | `"leaky_relu"` (0.2), o `get_activation("leaky_relu")` (0.01) |
# | E9 | la red no pasa de la mejor recta | falta la activación: Dense es lineal por omisión | `activation=` |
# | E10 | 64 neuronas que valen por una | inicializador constante | un sorteo |
# | E11 | con BatchNorm, entrena bien y valida mal | pocas actualizaciones: los promedios no llegaron | más pasos, o `momentum=0.9` |
# | E12 | SELU que explota | se usó He | `lecun_normal` |
#
# Cada fila se puede reproducir. E3, E5 y E12 ya aparecieron en las secciones 4, 9 y 7; aquí están las demás.

# %%
model = build_pair("relu", "he")
names, paths = {v.name for v in model.trainable_variables}, {v.path for v in model.trainable_variables}
print(f"E1  variables {len(model.trainable_variables)}, nombres distintos {len(names)}, rutas distintas {len(paths)}")

minus_one = tf.constant([-1.0])
print(
    "E2  función:",
    keras.activations.leaky_relu(minus_one).numpy(),
    " capa:",
    keras.layers.LeakyReLU()(minus_one).numpy(),
)
print("    get_activation:", np.array(get_activation("leaky_relu")(minus_one)))


# %%
def quick_run(model, learning_rate=0.1, epochs=5):
    """Historia de un entrenamiento corto en las lunas."""
    sgd = keras.optimizers.SGD(learning_rate)
    model.compile(sgd, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return kit.train(model, moons[0], batch_size=32, epochs=epochs, seed=0, title="errores")


units = (64,) * 10 + (2,)
for label, f, scheme in (
    ("E4 ", "sigmoid", "xavier"),
    ("    arreglo", "relu", "he"),
    ("    arreglo", "tanh", "xavier"),
):
    keras.utils.set_random_seed(0)
    losses_seen = quick_run(build_pair(f, scheme, units=units))["val_loss"]
    print(
        f"{label} {f}+{scheme}, 10 capas: pérdidas {[round(loss, 2) for loss in losses_seen]}; ln 2 = {math.log(2):.2f}"
    )

for rate in (20.0, 2.0, 0.1):
    keras.utils.set_random_seed(0)
    history = quick_run(build_pair("relu", "he"), learning_rate=rate)
    print(f"E6  tasa {rate:4}: exactitud por época {[round(a, 2) for a in history['val_accuracy']]}")

# %%
x = tf.constant([[1.0, 2.0]])
with tf.GradientTape() as tape:
    output = tf.reduce_sum(keras.activations.tanh(x))  # nadie vigila x
print("E7  sin vigilar:    ", tape.gradient(output, x))
with tf.GradientTape() as tape:
    tape.watch(x)
    output = tf.reduce_sum(tf.constant(np.tanh(x.numpy())))  # NumPy corta la cadena
print("    pasando por NumPy:", tape.gradient(output, x))

try:
    keras.layers.Dense(64, activation="leaky")
except ValueError as error:
    print("E8 ", str(error).splitlines()[0])

# %%
keras.utils.set_random_seed(0)
linear = keras.Sequential([keras.Input((2,))])
for n in (64, 64):
    linear.add(keras.layers.Dense(n, kernel_initializer="he_uniform"))  # falta activation="relu"
linear.add(keras.layers.Dense(2, "softmax"))
logistic = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, "softmax")])
for label, model in (("E9  sin activación", linear), ("    una sola capa ", logistic)):
    print(f"{label}: exactitud {quick_run(model, epochs=10)['val_accuracy'][-1]:.3f}")

print("E10 neuronas distintas desde una constante:", compare_starts(seed=1, epochs=2)["constant"]["distinct"])

for momentum in (0.99, 0.9):
    keras.utils.set_random_seed(0)
    model = bn_network(normalize=True, momentum=momentum)
    history = kit.train(model, fashion, batch_size=64, epochs=2, seed=0, title="E11")
    by_batch = np.argmax(model(fashion.x_val, training=True), axis=1)  # con la media y la desviación del lote
    print(
        f"E11 momentum {momentum}: exactitud de validación {history['val_accuracy'][-1]:.2f} con los promedios móviles, "
        f"{np.mean(by_batch == fashion.y_val):.2f} con las estadísticas del lote"
    )

# %% [markdown]
# ## Preguntas frecuentes
#
# **¿Por qué se sigue usando la sigmoide?** Porque en una *salida* de dos clases da una probabilidad, y en una compuerta
# (LSTM) hace falta un número entre 0 y 1. Lo que se dejó de usar es la sigmoide en capas ocultas.
#
# **¿Puede revivir una neurona muerta?** Con su propio gradiente, no: vale 0 (sección 4). Si está en la primera capa, y
# los datos no cambian, con SGD está perdida (con momento o con Adam todavía se mueve unos pasos por inercia). Más
# adentro puede revivir si las capas anteriores cambian lo que le llega.
#
# **¿Leaky ReLU o ReLU?** En las lunas no vimos diferencia (sección 4). Leaky ReLU es un seguro barato cuando hay muchas
# muertas; primero revisa la tasa de aprendizaje.
#
# **¿GELU, Swish o Mish?** Son ReLU suavizadas y son habituales en transformers, donde hay normalización. Sin ella, con
# los pesos de He y 30 capas, pierden señal: su ganancia no es la de ReLU (celda siguiente).
#
# **¿Qué inicializador uso con ellas?** He es la costumbre, y en redes de pocas capas alcanza; Swish es la que antes se
# resiente. La varianza de la celda siguiente conserva la señal solo mientras $\mathbb{E}[z^2] = 1$; en redes profundas
# las desviaciones crecen, así que es mejor medir la escala en cada capa con LSUV (sección 11).
#
# **¿tanh con He está mal?** Depende de la profundidad: su gradiente crece cerca de un 4 % por capa (sección 7), poco en
# 10 capas y mucho en 100. En la red de la sección 3 fue mejor que Xavier, porque la primera capa tenía 2 entradas. Mide
# tu red.
#
# **¿Por qué Xavier supone activaciones lineales?** La cuenta de Glorot y Bengio (2010) toma $f'(0) = 1$ y una función
# simétrica: tanh cerca de cero. La sigmoide no cumple ninguna de las dos cosas, y ReLU no es simétrica.

# %%
print("E[f(z)²] con z ~ N(0, 1); la ganancia, como la de Orthogonal, es 1 / √E[f²], y Var(W) = ganancia² / n")
for name in ("relu", "tanh", "selu", "gelu", "swish", "mish"):
    square = np.mean(np.square(get_activation(name)(normal)))
    logs = [math.log(backward_factor(name, "he", depth=30, width=128, seed=seed)) for seed in range(3)]
    print(
        f"{name:5} E[f²] {square:.3f}, ganancia {1 / math.sqrt(square):.2f}, Var(W) = {1 / square:.2f} / n; vuelta con He en 30 capas {math.exp(np.mean(logs)):.1e}"
    )

# %% [markdown]
# ## Cuestionario
#
# Escribe tus respuestas en la función que está debajo de las preguntas.

# %% [markdown]
# {{quiz}}


# %%
def quiz_answers():
    """Devuelve la letra de la opción que eliges en cada pregunta: {1: "b", 2: "a", …}."""
    # BEGIN SOLUTION
    return {1: "c", 2: "b", 3: "a", 4: "c", 5: "d", 6: "b", 7: "a", 8: "d", 9: "b", 10: "c"}
    # END SOLUTION


# %% [markdown]
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("109.cuestionario")

# %% [markdown]
# ## Preguntas abiertas
#
# Responde en la celda que está debajo de cada pregunta. Las corrige tu docente.

# %% [markdown]
# {{open_questions}}

# %% [markdown]
# ## Referencias
#
# - Glorot, X. y Bengio, Y. (2010). *Understanding the difficulty of training deep feedforward neural networks.*
#   AISTATS, PMLR 9, 249–256. <https://proceedings.mlr.press/v9/glorot10a.html>
# - He, K., Zhang, X., Ren, S. y Sun, J. (2015). *Delving Deep into Rectifiers.* ICCV.
#   [arXiv:1502.01852](https://arxiv.org/abs/1502.01852)
# - Lu, L., Shin, Y., Su, Y. y Karniadakis, G. E. (2019). *Dying ReLU and Initialization: Theory and Numerical
#   Examples.* [arXiv:1903.06733](https://arxiv.org/abs/1903.06733)
# - Cho, Y. y Saul, L. (2009). *Kernel Methods for Deep Learning.* NeurIPS.
#   <https://papers.nips.cc/paper/3628-kernel-methods-for-deep-learning>
# - Ioffe, S. y Szegedy, C. (2015). *Batch Normalization.* ICML. [arXiv:1502.03167](https://arxiv.org/abs/1502.03167)
# - Saxe, A. M., McClelland, J. L. y Ganguli, S. (2014). *Exact solutions to the nonlinear dynamics of learning in deep
#   linear neural networks.* ICLR. [arXiv:1312.6120](https://arxiv.org/abs/1312.6120)
# - Mishkin, D. y Matas, J. (2016). *All you need is a good init.* ICLR.
#   [arXiv:1511.06422](https://arxiv.org/abs/1511.06422)
# - Klambauer, G., Unterthiner, T., Mayr, A. y Hochreiter, S. (2017). *Self-Normalizing Neural Networks.* NeurIPS.
#   [arXiv:1706.02515](https://arxiv.org/abs/1706.02515)
# - Hendrycks, D. y Gimpel, K. (2016). *Gaussian Error Linear Units (GELUs).*
#   [arXiv:1606.08415](https://arxiv.org/abs/1606.08415)
# - Devlin, J. et al. (2019). *BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding.* NAACL.
#   [arXiv:1810.04805](https://arxiv.org/abs/1810.04805)
# - Radford, A. et al. (2019). *Language Models are Unsupervised Multitask Learners.* OpenAI.
# - Géron, A. (2022). *Hands-On Machine Learning with Scikit-Learn, Keras, and TensorFlow*, 3.ª ed., capítulo 11.
#   O'Reilly.
# - Documentación de Keras: [activaciones](https://keras.io/api/layers/activations/).
#
# ---
#
# **Lo que sigue.** Ya sabes elegir cómo empieza una red y por qué funciones pasa su señal. Las piezas que quedaron
# nombradas aquí, la normalización y las conexiones residuales, son el tema natural de las próximas clases.
