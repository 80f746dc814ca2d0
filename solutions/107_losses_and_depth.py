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
#
# **Objetivo.** Al terminar esta clase podrás:
#
# - calcular el error cuadrático y la entropía cruzada, y explicar qué gradiente manda cada una hacia atrás;
# - decir cuánto debe valer la pérdida *antes* de entrenar, y usarlo para encontrar errores;
# - distinguir lo que una red puede representar de lo que aprende, con un problema que engaña: la paridad;
# - deducir, línea por línea, cómo cambia la varianza de la señal a la ida y a la vuelta;
# - medir un gradiente que se desvanece, y arreglarlo.
#
# **Duración.** 75 minutos en clase: las secciones 1 a 11 y los ejercicios 1, 2 y 4. Los ejercicios 3 y 5 y las
# secciones 12 a 15 se pueden dejar para después. La mayoría de las celdas tarda segundos; las más largas, en los
# ejercicios 2 y 3, entre uno y dos minutos.
#
# **Requisitos previos.** Saber armar y entrenar una red densa en Keras (`Sequential`, `compile`, `fit`), derivar una
# composición de funciones (la regla de la cadena), y recordar qué son la media y la varianza.
#
# **Cómo se trabaja.** Ejecuta las celdas en orden. Cuando aparezca **Predice**, escribe tu respuesta *antes* de
# ejecutar la celda siguiente: equivocarse aquí es gratis y es lo que más se recuerda. En los ejercicios, reemplaza la
# línea `raise NotImplementedError(...)` por tu código, sin cambiar el nombre de la función ni sus argumentos.

# %%
import itertools
import math
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow calla los avisos sobre la GPU

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

import kit

tf.get_logger().setLevel("ERROR")  # tampoco avisa cada vez que compila otra red
kit.show_versions()

# %% [markdown]
# Al cargarse, TensorFlow suele imprimir avisos sobre CUDA o la GPU. Si no tienes una GPU, no son errores.
#
# Usaremos Fashion-MNIST: imágenes de ropa de 28 × 28 píxeles, aplanadas en 784 números entre 0 y 1. Casi todas las
# celdas trabajan con una parte pequeña, para que tarden poco.

# %%
data = kit.load_fashion_mnist()
x_test, y_test = kit.load_test_set()
small = kit.subset(data, n_train=4000, n_val=1000)
rng = np.random.default_rng(107)

print("entrenamiento:", data.x_train.shape, " validación:", data.x_val.shape, " prueba:", x_test.shape)
print("parte pequeña:", small.x_train.shape, small.x_val.shape)

# %% [markdown]
# ## 1. Mira los datos antes que la red
#
# Tres preguntas que se contestan en un minuto y ahorran horas: ¿están las clases equilibradas?, ¿en qué rango están los
# números?, ¿cuánto acierta quien no mira? La última tiene una fórmula: si la clase $c$ aparece $n_c$ veces entre $n$
# ejemplos, responder siempre la más frecuente acierta una fracción
#
# $$\max_c \frac{n_c}{n}.$$

# %%
counts = np.bincount(data.y_train)  # (10,)

for name, count in zip(kit.CLASS_NAMES, counts, strict=True):
    print(f"{name:10} {count:5}  {count / counts.sum():.1%}")
print(f"quien responde siempre lo más frecuente acierta {counts.max() / counts.sum():.1%}")

# %% [markdown]
# **Predice.** ¿Qué fracción de los píxeles de entrenamiento vale exactamente 0?

# %%
prediction = "escribe aquí tu predicción"

# %% [markdown]
# Además de los ceros, la celda calcula el tamaño de una entrada: la media de los *cuadrados*, que es la varianza más el
# cuadrado de la media:
#
# $$\mathbb{E}[x^2] = \mathrm{Var}(x) + \mathbb{E}[x]^2.$$
#
# Lo necesitaremos en la sección 8.

# %%
x = data.x_train  # (55000, 784)
mean, variance = float(x.mean()), float(x.var())

print("Tu predicción:", prediction)
print(f"píxeles iguales a 0: {np.mean(x == 0):.1%};  mínimo {x.min():.0f}, máximo {x.max():.0f}")
print(f"media {mean:.3f}, varianza {variance:.3f}")
print(f"E[x²] = {np.mean(x**2):.3f}  =  varianza + media² = {variance + mean**2:.3f}")

# %% [markdown]
# ## Ejercicio 1. Mira los datos
#
# Escribe dos funciones que dibujan: una imagen con su clase, y una imagen junto a lo que una red opina de ella. Los
# nombres de las clases están en `kit.CLASS_NAMES`.


# %%
def show_example(images, labels, index):
    """Dibuja una imagen con el nombre de su clase.

    Argumentos:
        images: arreglo de forma `(n, 784)` con valores en [0, 1].
        labels: etiquetas enteras de 0 a 9, de forma `(n,)`.
        index: cuál de las n imágenes, un entero de 0 a n − 1.

    Devuelve:
        Una figura de Matplotlib con un solo par de ejes: la imagen de 28 × 28 dibujada con `imshow`.
        El título contiene el nombre de la clase, que está en `kit.CLASS_NAMES`, y el de ninguna otra.
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
        probabilidades de las clases 0 a 9 en orden, con nombre en el eje horizontal y en el vertical
        (`set_xlabel`, `set_ylabel`), cuyo título contiene el nombre de la clase más probable. Ningún
        título nombra otra clase que la suya.
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


# %% [markdown]
# `kit.slide` pone un control deslizante debajo de lo que dibuja tu función. Mira diez o veinte ejemplos de cada
# conjunto. ¿Reconoces todas las prendas? (Si el control no aparece, en tu computadora falta `ipywidgets`: cambia el
# número de `start`.)

# %%
kit.slide(lambda index: show_example(data.x_train, data.y_train, index), len(data.x_train), start=0)

# %%
kit.slide(lambda index: show_example(x_test, y_test, index), len(x_test), start=0)

# %% [markdown]
# Ahora un modelo mínimo: sin capas ocultas, diez neuronas softmax. Se entrena cinco veces, con cinco semillas, todas a
# la vez (`kit.train_many`), porque de una sola red no se debe concluir nada.
#
# **Predice.** ¿Cuál será la clase más difícil?

# %%
prediction = "escribe aquí tu predicción"

# %%
SEEDS = range(5)


def seeded(build, seeds=SEEDS):
    """Una red por semilla: fija la semilla y construye."""
    models = []
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        models.append(build())
    return models


def softmax_regression():
    """Diez neuronas softmax, sin capas ocultas."""
    return keras.Sequential([keras.Input((784,)), keras.layers.Dense(10, "softmax")])


models = seeded(softmax_regression)
adam = keras.optimizers.Adam(1e-3)
kit.train_many(models, [small] * 5, optimizer=adam, batch_size=32, epochs=8, seeds=SEEDS, title="sin capas ocultas")

guesses = [np.argmax(model(x_test), axis=1) for model in models]  # 5 × (10000,)
by_class = {name: [np.mean(g[y_test == c] == c) for g in guesses] for c, name in enumerate(kit.CLASS_NAMES)}
print("Tu predicción:", prediction)
for name, accuracies in sorted(by_class.items(), key=lambda item: np.mean(item[1])):
    print(f"{name:10} exactitud de prueba {kit.mean_interval(accuracies)}")

# %% [markdown]
# El intervalo que acompaña a cada media es del 95 %: dice dónde puede estar la media verdadera, la de infinitas
# semillas. Si todo se repitiera muchas veces, unas 95 de cada 100 veces el intervalo la contendría. La camisa es la más
# difícil, por mucho. Mira con qué la confunde:

# %%
wrong = np.flatnonzero((y_test == 6) & (guesses[0] != 6))
seen_as = np.bincount(guesses[0][wrong], minlength=10)
for c in np.argsort(seen_as)[:-4:-1]:
    print(f"{seen_as[c]:3} camisas vistas como {kit.CLASS_NAMES[c]}")

kit.slide(lambda index: show_prediction(models[0], x_test[wrong], y_test[wrong], index), len(wrong), start=1)

# %% [markdown]
# Para revisar este ejercicio, **guarda el cuaderno** (Ctrl+S), quita el `#` de la línea siguiente y ejecuta la celda.

# %%
# kit.check("107.1")

# %% [markdown]
# ## 2. De los logits a las probabilidades
#
# La última capa de un clasificador calcula un número por clase, los *logits* $z_1, \dots, z_K$. La softmax los
# convierte en probabilidades:
#
# $$p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}.$$

# %%
z = np.array([2.0, 1.0, -1.0])

p = np.exp(z) / np.exp(z).sum()
print("p =", p.round(3), " suma:", p.sum().round(6))

# %% [markdown]
# Sumar la misma constante a todos los logits no cambia nada, porque se cancela arriba y abajo:
#
# $$\mathrm{softmax}(z) = \mathrm{softmax}(z - m).$$
#
# No es una curiosidad. En una computadora $e^{1000}$ es infinito, y la fórmula escrita tal cual da `nan`. Con $m =
# \max_k z_k$ el mayor exponente es 0 y no se desborda nunca.

# %%
z = np.array([1000.0, 999.0, 0.0])
with np.errstate(over="ignore", invalid="ignore"):
    naive = np.exp(z) / np.exp(z).sum()
shifted = np.exp(z - z.max()) / np.exp(z - z.max()).sum()

print("tal cual:            ", naive)
print("restando el máximo:  ", shifted.round(3))

# %% [markdown]
# ## 3. Dos formas de medir el error
#
# La etiqueta se escribe como un vector *one-hot*: un 1 en la clase correcta y ceros en las demás. El **error cuadrático
# medio** compara los dos vectores número por número:
#
# $$\mathrm{MSE} = \frac{1}{nK}\sum_{i=1}^{n}\sum_{k=1}^{K} (y_{ik} - p_{ik})^2.$$

# %%
y = np.array([[0, 0, 1], [1, 0, 0]])  # (2, 3): las clases 2 y 0
p = np.array([[0.1, 0.2, 0.7], [0.3, 0.3, 0.4]])  # (2, 3)

print(f"MSE = {np.sum((y - p) ** 2) / y.size:.4f}")

# %% [markdown]
# La **entropía cruzada** mira solo la probabilidad que recibió la clase correcta $c_i$:
#
# $$\mathrm{CE} = -\frac{1}{n}\sum_{i=1}^{n} \ln p_{i,c_i}.$$

# %%
labels = y.argmax(axis=1)  # (2,)
right = p[np.arange(2), labels]  # (2,)

print("probabilidad de la clase correcta:", right)
print(f"entropía cruzada = {-np.log(right).mean():.4f}")
print(f"escrita con one-hot, −Σ y ln p / n = {-np.sum(y * np.log(p)) / 2:.4f}")

# %% [markdown]
# Si se escribe con los logits, no hace falta calcular ninguna probabilidad (que podría redondearse a 0):
#
# $$-\ln p_c = \ln \sum_j e^{z_j} - z_c = \ln \sum_j e^{z_j - m} + m - z_c.$$

# %%
z, c, m = np.array([1000.0, 0.0, -1000.0]), 2, 1000.0  # la clase correcta es la 2
with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
    naive = -np.log(np.exp(z - m)[c] / np.exp(z - m).sum())

print("−ln de la softmax:        ", naive)
print("con los logits y el máximo:", np.log(np.exp(z - m).sum()) + m - z[c])

# %% [markdown]
# **Predice.** Una red da probabilidad 0.001 a la clase correcta y reparte el resto entre las otras nueve. Después se
# equivoca más y le da 0.0000001. ¿Cuánto crece cada pérdida?

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)
print(f"{'p correcta':>11} {'MSE':>8} {'entropía':>9}")
for right in (0.99, 0.5, 0.1, 1e-3, 1e-7):
    p = np.full(10, (1 - right) / 9)
    p[0] = right
    print(f"{right:11.7f} {np.mean((np.eye(10)[0] - p) ** 2):8.4f} {-math.log(right):9.3f}")

# %% [markdown]
# El MSE no distingue un error grave de uno gravísimo: no puede pasar de $2/K = 0.2$, que se alcanza cuando toda la
# probabilidad está en una clase equivocada. La entropía cruzada no tiene techo.

# %%
p, y = np.eye(10)[3], np.eye(10)[0]  # toda la probabilidad en la clase 3; la correcta es la 0

print(f"MSE máximo: {np.mean((y - p) ** 2):.2f} = 2 / 10")

# %% [markdown]
# ## 4. Cuánto debe valer la pérdida antes de entrenar
#
# Quien no sabe nada reparte la probabilidad por igual: $p_k = 1/K$. Entonces
#
# $$\mathrm{CE} = \ln K, \qquad \mathrm{MSE} = \frac{1}{K}\Big[\big(1 - \tfrac1K\big)^2 + (K - 1)\tfrac{1}{K^2}\Big] = \frac{K-1}{K^2}.$$

# %%
K = 10
uniform, y = np.full(K, 1 / K), np.eye(K)[0]

print(f"CE:  ln 10 = {math.log(K):.4f},  −ln(1/10) = {-math.log(uniform[0]):.4f}")
print(f"MSE: (K − 1)/K² = {(K - 1) / K**2:.4f},  medido {np.mean((y - uniform) ** 2):.4f}")

# %% [markdown]
# ¿Y si los logits no son exactamente iguales, sino N(0, s²), independientes de la etiqueta? Para $s$ pequeña,
# desarrollando el logaritmo hasta segundo orden,
#
# $$\mathbb{E}[\mathrm{CE}] \approx \ln K + \frac{s^2}{2}\Big(1 - \frac1K\Big).$$
#
# Estar inseguro al azar sale gratis; estar *seguro* al azar cuesta caro.

# %%
for s in (0.1, 0.5, 1.0, 10.0):
    z = s * rng.standard_normal((20_000, K))  # (20000, 10)
    measured = np.mean(np.log(np.exp(z).sum(axis=1)) - z[:, 0])
    print(f"s = {s:4}: fórmula {math.log(K) + s**2 / 2 * (1 - 1 / K):6.3f}, medida {measured:6.3f}")

# %% [markdown]
# (Con $s = 10$ la aproximación ya no vale, pero la dirección sí: la pérdida inicial se va lejos de 2.303.)
#
# **Predice.** Tres redes sin entrenar, con una capa oculta de 256 neuronas sigmoides: los kernels vienen de
# `glorot_uniform`, de `he_normal` o de una normal N(0, 1). ¿Cuál empieza lejos de $\ln 10$? (`glorot_uniform` es el
# inicializador de Keras por omisión, con varianza $2/(n_\text{in} + n_\text{out})$; la de `he_normal` es
# $2/n_\text{in}$. De dónde salen, en las secciones 9 y 11.)

# %%
prediction = "escribe aquí tu predicción"


# %%
def one_hidden(initializer):
    """Red 784-256-10, sigmoide y softmax, con un mismo inicializador en los dos kernels."""
    starts = [initializer] * 2
    if initializer == "N(0, 1)":
        starts = [keras.initializers.RandomNormal(stddev=1.0) for _ in range(2)]  # un objeto por capa
    hidden = keras.layers.Dense(256, "sigmoid", kernel_initializer=starts[0])
    output = keras.layers.Dense(10, "softmax", kernel_initializer=starts[1])
    return keras.Sequential([keras.Input((784,)), hidden, output])


def initial_loss(model):
    """Entropía cruzada media de una red en las imágenes de validación pequeñas."""
    losses = keras.losses.sparse_categorical_crossentropy(small.y_val, model(small.x_val))
    return float(tf.reduce_mean(losses))


print("Tu predicción:", prediction)
for name in ("glorot_uniform", "he_normal", "N(0, 1)"):
    models = seeded(lambda start=name: one_hidden(start))
    print(f"{name:14} pérdida inicial {kit.mean_interval([initial_loss(model) for model in models])}")

# %% [markdown]
# Glorot y He tampoco empiezan exactamente en 2.303, porque sus logits no son todos iguales: en la fórmula anterior,
# unas décimas de más corresponden a un $s$ entre 0.5 y 1. Eso es normal. Una primera pérdida de 10 o de 15, en cambio,
# es la alarma más barata que existe: la red está segura de cosas que no sabe. Aquí la culpa es de los pesos de la
# salida, porque la sigmoide acota lo que les llega.

# %% [markdown]
# ## 5. El gradiente que manda cada pérdida
#
# Lo que mueve los pesos no es el valor de la pérdida, sino su gradiente. Para un ejemplo, con respecto a los logits,
#
# $$\frac{\partial\,\mathrm{CE}}{\partial z_k} = p_k - y_k, \qquad
#   \frac{\partial\,\mathrm{MSE}}{\partial z_k} = \frac{2}{K}\,p_k\Big[(p_k - y_k) - \sum_j p_j\,(p_j - y_j)\Big].$$
#
# La diferencia es la derivada de la softmax. Si la red está segura de una clase, esa derivada se anula entera: en las
# demás clases porque el factor $p_k$ es casi 0, y en la elegida ($p_k \approx 1$) porque los dos términos del corchete
# se cancelan. En la entropía cruzada, el logaritmo compensa ese efecto y queda $p - y$.

# %%
z, y = np.array([[3.0, 0.0, 1.0]]), np.array([[0.0, 1.0, 0.0]])  # (1, 3): segura de la clase 0; la correcta es la 1
p = np.exp(z) / np.exp(z).sum()
by_hand = {"CE": p - y, "MSE": 2 / 3 * p * ((p - y) - np.sum(p * (p - y)))}

losses = {"CE": keras.losses.categorical_crossentropy, "MSE": keras.losses.mean_squared_error}
for name, loss in losses.items():
    logits = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = loss(y, tf.nn.softmax(logits))
    print(
        f"{name:3} a mano {by_hand[name].round(4)[0]}, con GradientTape {tape.gradient(value, logits).numpy().round(4)[0]}"
    )

# %% [markdown]
# **Predice.** La red está cada vez más segura de una clase equivocada. ¿Qué le pasa al gradiente de cada pérdida:
# crece, se queda o desaparece?

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)
print(f"{'logit':>6} {'p correcta':>11} {'|grad CE|':>10} {'|grad MSE|':>11}")
for wrong_logit in (0, 2, 5, 10, 20):
    z = np.zeros(10)
    z[3] = wrong_logit  # la clase correcta es la 0
    p, y = np.exp(z) / np.exp(z).sum(), np.eye(10)[0]
    ce, mse = p - y, 2 / 10 * p * ((p - y) - np.sum(p * (p - y)))
    print(f"{wrong_logit:6} {p[0]:11.1e} {np.linalg.norm(ce):10.3f} {np.linalg.norm(mse):11.1e}")

# %% [markdown]
# Aquí está el primer gradiente que se desvanece de esta clase, y todavía no hay ninguna capa profunda: con MSE,
# **cuando la red está muy segura de un error, casi no se la corrige**. El gradiente primero crece un poco y después se
# apaga, de 0.03 a 0.000000004. Con entropía cruzada la norma del gradiente tiende a $\sqrt2$: la corrección es máxima
# justo cuando hace falta.

# %% [markdown]
# ## Ejercicio 2. Pérdidas
#
# Escribe las fórmulas de las secciones 2 y 3, y compara las dos pérdidas en una red que empieza *segura de cosas que no
# sabe*: pesos N(0, 1).
#
# Para entrenar, compila primero el modelo con `metrics=["accuracy"]` (sin eso la historia no trae la exactitud) y llama
# a `kit.train(model, data, batch_size=64, epochs=epochs, seed=seed)`: ordena los lotes según la semilla, mide al final
# de cada época con `data.x_val` y `data.y_val`, y devuelve la historia, un diccionario con las listas "loss",
# "accuracy", "val_loss" y "val_accuracy". Fija la semilla con `keras.utils.set_random_seed(seed)` antes de construir
# cada red. `data._replace(y_train=…, y_val=…)` da una copia de los datos con otras etiquetas.


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
        Un arreglo de forma `(n, k)`; los números de cada fila son positivos o cero y suman 1. No modifica
        `logits`.
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
    dos kernels se sortean con `RandomNormal(stddev=1.0)`, un objeto nuevo y sin semilla para cada capa,
    y los sesgos empiezan en cero. Optimizador `Adam(1e-3)`, lotes de 64.

    Argumentos:
        data: `kit.Dataset` con imágenes de forma `(n, 784)` y etiquetas enteras.
        seed: semilla de los pesos (`keras.utils.set_random_seed(seed)` justo antes de construir cada
            red) y de los lotes, la misma para las dos redes.
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
logits = np.array([[1000.0, 0.0, -1000.0], [0.0, 0.0, 0.0]])  # (2, 3)
print("softmax:", softmax(logits).round(3).tolist())
print("entropía cruzada, clases 0 y 2:", round(cross_entropy(logits, np.array([0, 2])), 4), "= ln 3 / 2")
print("MSE:", round(mse_loss(one_hot(np.array([0, 2]), 3), softmax(logits)), 4))

# %% [markdown]
# **Predice.** Después de cuatro épocas, ¿cuál de las dos pérdidas dará mejor exactitud, y por cuántos puntos?

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)
few = kit.subset(data, n_train=2000, n_val=1000)
runs = [compare_losses(few, seed, epochs=4) for seed in SEEDS]
curves = {name: [run[name]["val_accuracy"] for run in runs] for name in ("mse", "cross_entropy")}
figure = kit.plot_bands(curves, "Dos pérdidas, los mismos pesos N(0, 1)", "época", "exactitud de validación")

difference = [100 * (ce[-1] - mse[-1]) for ce, mse in zip(curves["cross_entropy"], curves["mse"], strict=True)]
print(f"entropía cruzada − MSE, última época: {kit.mean_interval(difference)} puntos porcentuales (5 semillas)")

# %% [markdown]
# ¿Es culpa del MSE, o de haber empezado tan lejos? Misma red, misma comparación, pero con los pesos que Keras da por
# omisión.

# %%
coded = few._replace(y_train=np.eye(10, dtype="float32")[few.y_train], y_val=np.eye(10, dtype="float32")[few.y_val])
curves = {}
for name, loss in {"mse": "mse", "cross_entropy": "categorical_crossentropy"}.items():
    models = seeded(lambda: one_hidden("glorot_uniform"))
    options = {"batch_size": 64, "epochs": 4, "seeds": SEEDS, "loss": loss, "title": f"Glorot, {name}"}
    trained = kit.train_many(models, [coded] * 5, optimizer=keras.optimizers.Adam(1e-3), **options)
    curves[name] = trained["val_accuracy"]  # (5, 4)

difference = 100 * (curves["cross_entropy"][:, -1] - curves["mse"][:, -1])
print(f"con Glorot, entropía cruzada − MSE: {kit.mean_interval(difference)} puntos porcentuales (5 semillas)")

# %% [markdown]
# Dos conclusiones, y la segunda es tan importante como la primera:
#
# - Desde un mal comienzo, la entropía cruzada saca, en promedio, más de diez puntos de ventaja: el MSE casi no corrige
#   los errores de los que la red está segura, y al principio está segura de casi todo.
# - Desde un buen comienzo, la diferencia no se distingue de cero: su intervalo contiene al 0. «El MSE no sirve para
#   clasificar» es demasiado decir. La entropía cruzada es la opción *segura*: funciona también cuando algo salió mal.

# %% [markdown]
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("107.2")

# %% [markdown]
# ## 6. Paridad: un problema en el que los vecinos engañan
#
# ¿Qué es mejor, una red profunda o una ancha? Para discutirlo hace falta un problema difícil y limpio. La **paridad**
# de una cadena de $n$ bits: la respuesta es 1 si la cantidad de unos es **par** y 0 si es impar. Equivale a un producto
# de signos:
#
# $$(-1)^{b_1 + \dots + b_n} = \prod_{i=1}^{n} (1 - 2 b_i).$$


# %%
def whole_cube(n):
    """Las 2ⁿ cadenas de n bits y su paridad (1 si la cantidad de unos es par)."""
    bits = (np.arange(2**n)[:, None] >> np.arange(n)) & 1  # (2ⁿ, n)
    return bits, (bits.sum(axis=1) + 1) % 2


bits, parity = whole_cube(3)
for string, label in zip(bits, parity, strict=True):
    print(string, " unos:", string.sum(), " paridad:", label, " producto de signos:", np.prod(1 - 2 * string))

# %% [markdown]
# Ningún bit da una pista, y tampoco ningún grupo incompleto de bits: conocer $n - 1$ bits no dice nada de la respuesta.
# La correlación de la paridad con el producto de signos de cualquier subconjunto $S$ que no sea el total es cero:
#
# $$\frac{1}{2^n}\sum_{b}\ \prod_{i \in S}(1 - 2b_i)\ \prod_{i=1}^{n}(1 - 2b_i) = 0.$$

# %%
n = 8
bits, parity = whole_cube(n)  # (256, 8), (256,)
signs = 1 - 2 * bits  # (256, 8), números 1 y −1
target = signs.prod(axis=1)  # (256,)

correlations = []
for code in range(1, 2**n - 1):  # todos los subconjuntos, salvo el vacío y el total
    subset = (code >> np.arange(n)) & 1 == 1
    correlations.append(np.mean(signs[:, subset].prod(axis=1) * target))
print(f"{len(correlations)} subconjuntos; mayor correlación: {np.abs(correlations).max():.1e}")

# %% [markdown]
# Y lo peor: cambiar **un** bit cambia siempre la respuesta. Los $n$ vecinos de una cadena tienen todos la etiqueta
# contraria.
#
# **Predice.** Entrenamos una red profunda con el 80 % de las cadenas de 8 bits y la probamos con el 20 % restante. En
# entrenamiento acierta casi todas. ¿Cuánto acertará en la prueba: cerca del 100 %, cerca del 50 % o mucho menos?

# %%
prediction = "escribe aquí tu predicción"

# %% [markdown]
# ## 7. Representar no es aprender
#
# Antes de entrenar, ¿*puede* una red calcular la paridad? Dos bits: basta con dos neuronas ReLU, porque
#
# $$a \oplus b = |a - b| = \mathrm{ReLU}(a - b) + \mathrm{ReLU}(b - a).$$


# %%
def relu(a):
    """La parte positiva de cada número."""
    return np.maximum(a, 0)


for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
    print(f"{a} xor {b} = {relu(a - b) + relu(b - a)}")

# %% [markdown]
# **Con profundidad.** Un árbol de xor junta los bits de dos en dos: $\log_2 n$ capas (si $n$ es una potencia de 2) y,
# en total, $2(n - 1)$ neuronas.

# %%
n = 8
bits, parity = whole_cube(n)
level, neurons = bits, 0  # (256, 8)
while level.shape[1] > 1:
    a, b = level[:, ::2], level[:, 1::2]
    level = relu(a - b) + relu(b - a)  # la mitad de columnas
    neurons += 2 * a.shape[1]

print(f"{int(math.log2(n))} capas, {neurons} neuronas = 2 ({n} − 1)")
print(f"exactitud en las {len(bits)} cadenas: {np.mean(1 - level[:, 0] == parity):.0%}")

# %% [markdown]
# **Con una sola capa.** La paridad depende solo de la suma $s$ de los bits, y es un zigzag en $s$. Una capa con $n$
# neuronas dibuja cualquier zigzag de $n$ tramos:
#
# $$\text{paridad} = 1 - \mathrm{ReLU}(s) + 2\sum_{k=1}^{n-1} (-1)^{k+1}\, \mathrm{ReLU}(s - k).$$

# %%
s = bits.sum(axis=1)  # (256,)
output = 1 - relu(s)
for k in range(1, n):
    output = output + 2 * (-1) ** (k + 1) * relu(s - k)

print(f"1 capa, {n} neuronas; exactitud en las {len(bits)} cadenas: {np.mean(output == parity):.0%}")

# %% [markdown]
# Las dos redes existen, y son diminutas. La profundidad no es *necesaria* para la paridad. Donde sí ahorra muchísimo es
# en cuántos tramos puede tener una función: cada vez que se pliega el segmento [0, 1] se duplican los tramos. Con $L$
# capas de dos neuronas se llega a
#
# $$2^L \text{ tramos}, \qquad\text{y una sola capa de } m \text{ neuronas no pasa de } m + 1$$
#
# (Telgarsky, 2016). Contemos los tramos.


# %%
def count_pieces(values):
    """Cantidad de tramos rectos de una función muestreada en puntos equidistantes."""
    bends = np.abs(np.diff(values, 2)) > 1e-6
    return 1 + int(np.sum(bends[1:] & ~bends[:-1]) + bends[0])


points = np.linspace(0, 1, 3 * 2**10 + 1)  # (3073,)
folded = points
for depth in range(1, 7):
    folded = 2 * relu(folded) - 4 * relu(folded - 0.5)  # una capa de dos neuronas: sube y baja
    print(
        f"{depth} capas, {2 * depth:2} neuronas: {count_pieces(folded):2} tramos; una capa con esas neuronas: {2 * depth + 1}"
    )

# %% [markdown]
# Todo esto es *representación*: que los pesos existan. Falta lo otro: que el descenso por gradiente los encuentre y,
# además, que lo aprendido valga para cadenas que la red no vio.

# %% [markdown]
# ## Ejercicio 3. ¿Profundidad o ancho?
#
# Construye los datos y las dos redes, y mide. Cuida que la prueba sea honesta: ninguna cadena de prueba puede estar
# también en el entrenamiento.


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
    `build_deep(n)`, se entrenan con `Adam(3e-3)`, entropía cruzada binaria y lotes de 32. Con
    `kit.Dataset(x, y, x_prueba, y_prueba)`, la exactitud de prueba es la "val_accuracy" de la historia.

    Argumentos:
        bit_sizes: lista de enteros, por ejemplo [4, 6, 8].
        seed: semilla de los datos, de los pesos (`keras.utils.set_random_seed(seed)` justo antes de
            construir cada red) y de los lotes.
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
        nombres de los ejes y una leyenda en cada par de ejes (`ax.legend()`), en español.
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


# %% [markdown]
# Antes de comparar, cuenta. Una capa densa tiene $(n_\text{in} + 1)\,n_\text{out}$ parámetros:
#
# $$\text{ancha: } (n + 1)\,128 + 129, \qquad \text{profunda: } (n + 1)\,32 + 3 \cdot 33 \cdot 32 + 33.$$

# %%
for n in (4, 10):
    by_hand = (n + 1) * 128 + 129, (n + 1) * 32 + 3 * 33 * 32 + 33
    print(f"{n:2} bits: ancha {by_hand[0]} = {build_shallow(n).count_params()}, ", end="")
    print(f"profunda {by_hand[1]} = {build_deep(n).count_params()} parámetros")

# %% [markdown]
# No son iguales: la profunda tiene más del doble. Lo tendremos en cuenta.

# %%
print("Tu predicción de la sección 6:", prediction)
scaling = parity_scaling([4, 8, 10], seed=42, epochs=30)
figure = plot_parity_scaling(scaling)

# %% [markdown]
# Una sola semilla puede engañar. Repetimos con ocho y con 60 épocas, y agregamos 12 bits (donde las 2048 cadenas son
# solo la mitad de las que existen) y una tercera red: una capa tan ancha que tiene los mismos parámetros que la
# profunda.


# %%
def parity_runs(build, n, epochs=60):
    """Curvas de ocho entrenamientos en paridad de n bits, con el protocolo de `parity_scaling`."""
    seeds, datasets = range(8), []
    for seed in seeds:
        bits, labels = make_parity(n, min(2**n, 2048), seed)
        train = 4 * len(bits) // 5
        datasets.append(kit.Dataset(bits[:train], labels[:train], bits[train:], labels[train:]))
    options = {"batch_size": 32, "epochs": epochs, "seeds": seeds, "loss": "binary_crossentropy"}
    models, adam = seeded(lambda: build(n), seeds), keras.optimizers.Adam(3e-3)
    return kit.train_many(models, datasets, optimizer=adam, title=f"{n} bits", **options)


def build_matched(n):
    """Una capa oculta con tantas neuronas que la red tiene los parámetros de `build_deep(n)`, o apenas más."""
    return build_shallow(n, width=math.ceil((build_deep(n).count_params() - 1) / (n + 2)))


networks = {"ancha": build_shallow, "ancha, parámetros iguales": build_matched, "profunda": build_deep}
runs = {(name, n): parity_runs(build, n) for n in (8, 10, 12) for name, build in networks.items()}

print(f"{'bits':>4} {'red':26} {'entrenamiento':>16} {'prueba':>16}")
for (name, n), curves in sorted(runs.items(), key=lambda item: item[0][1]):
    train, test = (kit.mean_interval(curves[key][:, -1]) for key in ("accuracy", "val_accuracy"))
    print(f"{n:4} {name:26} {train!s:>16} {test!s:>16}")

# %% [markdown]
# Las tres redes usan las mismas semillas y los mismos datos, así que se puede promediar la diferencia de cada pareja.
# Si el intervalo contiene al 0, no hay nada que afirmar.

# %%
for n in (10, 12):
    for name in ("ancha", "ancha, parámetros iguales"):
        gap = runs["profunda", n]["val_accuracy"][:, -1] - runs[name, n]["val_accuracy"][:, -1]
        print(f"{n} bits, profunda − {name:26} {kit.mean_interval(100 * gap)} puntos porcentuales")

sizes = (8, 10, 12)
accuracy = {name: np.stack([runs[name, n]["val_accuracy"][:, -1] for n in sizes], axis=1) for name in networks}
options = {"x": sizes, "reference": 0.5}
figure = kit.plot_bands(accuracy, "Paridad con 60 épocas: ocho semillas", "bits", "exactitud de prueba", **options)
_ = figure.axes[0].set(ylim=(0, 1), xticks=sizes)

# %% [markdown]
# Cuatro lecturas:
#
# - **Con 8 bits, las redes aciertan en la prueba mucho menos de la mitad.** (Con 4 bits la prueba tiene solo cuatro
#   cadenas: de ahí no se puede concluir nada.) No es un error del programa, y tiene sentido: unos 8 de cada 10 vecinos
#   de una cadena de prueba están en el entrenamiento, todos con la etiqueta contraria, y la red interpola entre ellos.
#   Copiar al vecino más parecido acierta 0 % (celda siguiente). Con 10 bits los vecinos engañan igual, y las redes
#   pasan de la mitad: con más ejemplos encontraron algo mejor que interpolar.
# - **Memorizar no es generalizar.** La red profunda y la ancha de parámetros iguales aciertan casi todo el
#   entrenamiento con 8, con 10 y con 12 bits, y eso no anuncia nada: en la prueba quedan por debajo de la mitad con 8 y
#   muy por encima con 10.
# - **«Profunda» puede querer decir «con más parámetros».** Con 10 bits, la ventaja sobre la red ancha ya no se puede
#   afirmar cuando se le dan a la ancha los mismos parámetros: el intervalo contiene al 0. Tampoco prueba que sean
#   iguales.
# - **No hay un ganador.** Con 12 bits, en las mismas 60 épocas y viendo menos de la mitad de las cadenas, las dos redes
#   anchas le ganan a la profunda por mucho.


# %%
def nearest_label(train_bits, train_labels, test_bits):
    """La etiqueta de la cadena de entrenamiento más parecida a cada cadena de prueba."""
    distances = (test_bits[:, None, :] != train_bits[None, :, :]).sum(axis=2)  # (prueba, entrenamiento)
    return train_labels[distances.argmin(axis=1)]


bits, labels = make_parity(8, 256, seed=0)
guess = nearest_label(bits[:204], labels[:204], bits[204:])
print(f"exactitud de copiar al vecino más parecido, 8 bits: {np.mean(guess == labels[204:]):.0%}")

# %% [markdown]
# Así se ve por dentro, con 10 bits y una semilla: la distancia entre la línea de trazos (lo que la red memoriza) y la
# continua (lo que vale fuera; la figura dice «validación», y aquí son las cadenas de prueba) es la *generalización* que
# falta.

# %%
one_run = {name: {key: values[0].tolist() for key, values in runs[name, 10].items()} for name in ("ancha", "profunda")}
figure = plot_learning_curves(one_run)

# %% [markdown]
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("107.3")

# %% [markdown]
# ## 8. La varianza a la ida, línea por línea
#
# La profundidad tiene un precio que se ve antes de entrenar. Vamos a deducirlo despacio: cada línea, con una celda que
# la comprueba. Una neurona calcula $z = \sum_{i=1}^{n_\text{in}} w_i x_i$, con pesos independientes, de media cero y
# varianza $\mathrm{Var}(w)$, y sesgo cero.
#
# **Línea 1. La media es cero**, porque las entradas no dependen de los pesos:
#
# $$\mathbb{E}[z] = \sum_i \mathbb{E}[w_i]\,\mathbb{E}[x_i] = 0.$$

# %%
n_in, draws = 784, 4000
batch = small.x_train[:500]  # (500, 784)
W = math.sqrt(2 / n_in) * rng.standard_normal((n_in, draws))  # (784, 4000): 4000 neuronas con Var(w) = 2 / 784
z = batch @ W  # (500, 4000)

print(f"E[z] = {z.mean():+.4f}, mientras que E[x] = {batch.mean():.3f}")

# %% [markdown]
# **Línea 2. Al elevar al cuadrado, los términos cruzados se anulan**, porque $\mathbb{E}[w_i w_j] =
# \mathbb{E}[w_i]\,\mathbb{E}[w_j] = 0$ si $i \ne j$:
#
# $$\mathbb{E}[z^2] = \sum_i \sum_j \mathbb{E}[w_i w_j]\,\mathbb{E}[x_i x_j] = \sum_i \mathbb{E}[w_i^2]\,\mathbb{E}[x_i^2].$$

# %%
products = W @ W.T / draws * n_in / 2  # (784, 784): E[w_i w_j] / Var(w)
off_diagonal = products[~np.eye(n_in, dtype=bool)]

print(f"E[w_i²]  / Var(w), media de la diagonal: {np.diag(products).mean():.3f}")
print(f"E[w_i w_j] / Var(w), media fuera de ella: {off_diagonal.mean():+.4f}")

# %% [markdown]
# **Línea 3. Todos los pesos tienen la misma varianza**, así que sale de la suma, y lo que queda es $n_\text{in}$ veces
# la media de los cuadrados de las entradas:
#
# $$\mathbb{E}[z^2] = \mathrm{Var}(w)\sum_i \mathbb{E}[x_i^2] = n_\text{in}\,\mathrm{Var}(w)\,\mathbb{E}[x^2].$$
#
# Cuidado: es $\mathbb{E}[x^2]$, no $\mathrm{Var}(x)$. En la sección 1 viste que aquí no coinciden. Por eso la primera
# capa de una red inicializada con He, $\mathrm{Var}(w) = 2/n_\text{in}$, no da 1 sino $2 \cdot 0.206 = 0.41$, que ReLU
# devuelve a 0.206 (sección 9): la inicialización *conserva* la escala que recibe, no la corrige.

# %%
print(f"predicha con E[x²]:   {n_in * 2 / n_in * np.mean(batch**2):.3f}")
print(f"predicha con Var(x):  {n_in * 2 / n_in * np.var(batch):.3f}   (mal)")
print(f"medida:               {np.mean(z**2):.3f}")

# %% [markdown]
# **Línea 4. Capa sobre capa, los factores se multiplican.** En una red lineal de $L$ capas iguales,
#
# $$\mathbb{E}[h_L^2] = \big(n\,\mathrm{Var}(w)\big)^L\ \mathbb{E}[x^2].$$

# %%
n, L = 256, 20
for c in (0.8, 1.0, 1.25):
    sizes = []
    for _ in range(5):
        h = rng.standard_normal((100, n))  # (100, 256), E[x²] = 1
        for _ in range(L):
            h = h @ (math.sqrt(c / n) * rng.standard_normal((n, n)))
        sizes.append(np.mean(h**2))
    print(f"n Var(w) = {c:4}: fórmula {c**L:8.3g}, medida {np.mean(sizes):8.3g} (media de 5 sorteos)")

# %% [markdown]
# ## 9. El factor de ReLU actúa sobre $\mathbb{E}[z^2]$
#
# Si $z$ es simétrica alrededor de cero, ReLU anula la mitad de la suma de cuadrados:
#
# $$\mathbb{E}\big[\mathrm{ReLU}(z)^2\big] = \tfrac12\,\mathbb{E}[z^2].$$
#
# ¿Y la varianza? Las salidas de ReLU ya no tienen media cero, y su varianza es bastante menor: para $z$ normal,
#
# $$\mathrm{Var}\big(\mathrm{ReLU}(z)\big) = \Big(\frac12 - \frac{1}{2\pi}\Big)\,\mathbb{E}[z^2] \approx 0.341\ \mathbb{E}[z^2].$$

# %%
z = rng.standard_normal(1_000_000)
h = relu(z)

print(f"E[h²]  = {np.mean(h**2):.3f}  (fórmula 0.500)")
print(f"Var(h) = {np.var(h):.3f}  (fórmula {1 / 2 - 1 / (2 * math.pi):.3f})")

# %% [markdown]
# ¿Cuál de las dos usa la capa siguiente? La línea 3 lo dice: $\mathbb{E}[h^2]$. La recursión completa, de una
# preactivación a la siguiente, es
#
# $$\mathbb{E}[z_{l+1}^2] = n\,\mathrm{Var}(w)\cdot\tfrac12\,\mathbb{E}[z_l^2],$$
#
# y se conserva con $\mathrm{Var}(w) = 2/n$: el 2 de He.
#
# **Predice.** Si alguien usa por error la varianza (0.341 en lugar de 0.5), ¿qué le predice su cuenta para He después
# de 10 capas: que la señal se conserva, que se reduce a la mitad, o que quedan unas dos centésimas?

# %%
prediction = "escribe aquí tu predicción"

# %%
measured = []
for _ in range(20):
    z = rng.standard_normal((100, n))  # (100, 256)
    for _ in range(10):
        z = relu(z) @ (math.sqrt(2 / n) * rng.standard_normal((n, n)))
    measured.append(np.mean(z**2))

print("Tu predicción:", prediction)
print(f"con E[h²]:  (2 · 0.500)^10 = {(2 * 0.5) ** 10:.3f}")
print(f"con Var(h): (2 · 0.341)^10 = {(2 * 0.341) ** 10:.3f}")
print(f"medida:      {kit.mean_interval(measured)} (20 sorteos)")

# %% [markdown]
# ## 10. La varianza a la vuelta, línea por línea
#
# El gradiente recorre la red al revés. Llamemos $\delta = \partial\mathcal{L}/\partial z$ al gradiente en las
# preactivaciones de una capa de $n_\text{out}$ neuronas.
#
# **Línea 1. Por la regla de la cadena**, cada entrada recibe la suma de $n_\text{out}$ términos. Es la misma cuenta de
# la sección 8, con otra $n$:
#
# $$\frac{\partial\mathcal{L}}{\partial x_i} = \sum_{j=1}^{n_\text{out}} w_{ij}\,\delta_j
#   \quad\Rightarrow\quad
#   \mathbb{E}\Big[\Big(\frac{\partial\mathcal{L}}{\partial x}\Big)^2\Big] = n_\text{out}\,\mathrm{Var}(w)\,\mathbb{E}[\delta^2].$$

# %%
n_in, n_out = 784, 300
W = math.sqrt(2 / n_in) * rng.standard_normal((n_in, n_out))  # (784, 300)
delta = rng.standard_normal((1000, n_out))  # (1000, 300)
back = delta @ W.T  # (1000, 784)

print(f"predicha {n_out * 2 / n_in * np.mean(delta**2):.3f}, medida {np.mean(back**2):.3f}")

# %% [markdown]
# **Línea 2. Al cruzar la activación se multiplica por su derivada.** Con pesos al azar, la derivada y el gradiente que
# llega son casi independientes, y queda un factor propio de cada activación:
#
# $$\mathbb{E}\big[(f'(z)\,g)^2\big] = \mathbb{E}\big[f'(z)^2\big]\ \mathbb{E}[g^2].$$
#
# Para ReLU ese factor es $\tfrac12$: la derivada vale 1 en la mitad de las neuronas y 0 en la otra. Para la sigmoide,
# $\sigma' = \sigma(1 - \sigma) \le \tfrac14$, y el factor no puede pasar de $\tfrac{1}{16}$.

# %%
z = rng.standard_normal(1_000_000)
sigma = 1 / (1 + np.exp(-z))
slopes = {"ReLU": (z > 0).astype(float), "tanh": 1 - np.tanh(z) ** 2, "sigmoide": sigma * (1 - sigma)}
for name, slope in slopes.items():
    print(f"{name:9} E[f'(z)²] = {np.mean(slope**2):.4f},  derivada máxima {slope.max():.3f}")

# %% [markdown]
# **Línea 3. Juntas, y de capa en capa:**
#
# $$\mathbb{E}[\delta_{l}^2] = n_\text{out}\,\mathrm{Var}(w)\ \mathbb{E}[f'(z_l)^2]\ \mathbb{E}[\delta_{l+1}^2].$$
#
# En tamaños típicos (la raíz), ReLU con He da $\sqrt{n \cdot \frac2n \cdot \frac12} = 1$ por capa; ReLU con Glorot,
# cuya varianza en capas iguales es $1/n$, da $1/\sqrt2$; y la sigmoide con Glorot, a lo sumo $\tfrac14$. En $L$ capas:
#
# $$1^L, \qquad 2^{-L/2}, \qquad \le 4^{-L}.$$
#
# **Predice.** En 20 capas de 256 neuronas, ¿qué fracción del gradiente llega al principio en cada caso?

# %%
prediction = "escribe aquí tu predicción"


# %%
def backward_share(activation, initializer, depth=20, width=256, seed=0):
    """Tamaño del gradiente a la entrada de `depth` capas iguales, dividido por el de la salida."""
    keras.utils.set_random_seed(seed)
    f = keras.activations.get(activation)
    x, upstream = tf.random.normal((256, width)), tf.random.normal((256, width))
    with tf.GradientTape() as tape:
        tape.watch(x)
        h = x  # (256, width)
        for _ in range(depth):
            h = f(h @ keras.initializers.get(initializer)((width, width)))
    gradient = tape.gradient(h, x, output_gradients=upstream)  # (256, width)
    return float(tf.norm(gradient) / tf.norm(upstream))


print("Tu predicción:", prediction)
theory = {("relu", "he_normal"): 1.0, ("relu", "glorot_uniform"): 2.0**-10, ("sigmoid", "glorot_uniform"): 4.0**-20}
for (activation, initializer), predicted in theory.items():
    logs = [math.log10(backward_share(activation, initializer, seed=seed)) for seed in range(8)]
    low, high = (10 ** (kit.mean_interval(logs).mean + sign * kit.mean_interval(logs).half_width) for sign in (-1, 1))
    kind = "a lo sumo" if activation == "sigmoid" else "cuenta"
    print(f"{activation + ' + ' + initializer:25} {kind:9} {predicted:7.1e}, medida entre {low:.1e} y {high:.1e}")

# %% [markdown]
# (Los límites son los del intervalo del 95 % de la media de los logaritmos, con 8 sorteos.) Con la sigmoide, a 20 capas
# llega menos de una billonésima parte. «Glorot va con la sigmoide» vale solo en redes poco profundas.

# %% [markdown]
# ## 11. El compromiso de Glorot
#
# La ida pide $n_\text{in}\,\mathrm{Var}(w) = 1$ y la vuelta pide $n_\text{out}\,\mathrm{Var}(w) = 1$. En una capa que
# cambia de tamaño no se puede cumplir con las dos. Glorot y Bengio (2010) reparten el error:
#
# $$\mathrm{Var}(w) = \frac{2}{n_\text{in} + n_\text{out}}
#   \quad\Rightarrow\quad
#   \text{ida} = \frac{2\,n_\text{in}}{n_\text{in} + n_\text{out}}, \qquad
#   \text{vuelta} = \frac{2\,n_\text{out}}{n_\text{in} + n_\text{out}}, \qquad
#   \text{ida} + \text{vuelta} = 2.$$

# %%
n_in, n_out = 784, 300
rules = {"1 / n_in": 1 / n_in, "1 / n_out": 1 / n_out, "Glorot": 2 / (n_in + n_out)}
x, delta = rng.standard_normal((1000, n_in)), rng.standard_normal((1000, n_out))
for name, var in rules.items():
    W = math.sqrt(var) * rng.standard_normal((n_in, n_out))  # (784, 300)
    ahead, back = np.mean((x @ W) ** 2), np.mean((delta @ W.T) ** 2)
    print(f"{name:9} ida: cuenta {n_in * var:.2f}, medida {ahead:.2f}   ", end="")
    print(f"vuelta: cuenta {n_out * var:.2f}, medida {back:.2f}")

# %% [markdown]
# ¿Hace falta el compromiso? He et al. (2015) notaron que no: si cada capa cumple solo con la ida ($c/n_\text{in}$, con
# la $c$ de su activación), los factores de la vuelta se cancelan uno con otro a lo largo de la red, y queda el cociente
# de los extremos:
#
# $$\prod_{l=1}^{L} \frac{n_l}{n_{l-1}} = \frac{n_L}{n_0}.$$

# %%
widths = [784, 300, 500, 100, 200]
ratios = [outputs / inputs for inputs, outputs in itertools.pairwise(widths)]

back = rng.standard_normal((1000, widths[-1]))
for inputs, outputs in zip(widths[-2::-1], widths[:0:-1], strict=True):
    back = back @ (math.sqrt(1 / inputs) * rng.standard_normal((inputs, outputs))).T
print("factores de la vuelta:", [round(ratio, 2) for ratio in ratios])
print(f"producto {math.prod(ratios):.3f} = 200/784 = {200 / 784:.3f}; medido en una red lineal: {np.mean(back**2):.3f}")

# %% [markdown]
# ## Ejercicio 4. El gradiente que se desvanece
#
# Vamos a verlo en una red de verdad, con imágenes de verdad: cuatro capas de 64 neuronas, y tres recetas.


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
        seed: semilla de los pesos (`keras.utils.set_random_seed(seed)` justo antes de construir cada
            red) y de los lotes, la misma para las tres redes.
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


# %% [markdown]
# **Predice.** La red sigmoide de cuatro capas, sin entrenar: ¿cuántas veces más pequeño es el gradiente del primer
# kernel que el del último?

# %%
prediction = "escribe aquí tu predicción"

# %%
RECIPES = {
    "sigmoide": ("sigmoid", "glorot_uniform"),
    "ReLU": ("relu", "glorot_uniform"),
    "ReLU + He": ("relu", "he_normal"),
}
batch, labels = small.x_train[:256], small.y_train[:256]

print("Tu predicción:", prediction)
for name, (activation, initializer) in RECIPES.items():
    models = seeded(lambda a=activation, i=initializer: build_deep_mlp(a, i))
    norms = np.array([gradient_norms(model, batch, labels) for model in models])  # (5, 5)
    typical = "  ".join(f"{norm:.1e}" for norm in np.exp(np.log(norms).mean(axis=0)))
    quotient = kit.mean_interval(np.log10(norms[:, -1] / norms[:, 0]))
    print(f"{name:10} por kernel: {typical}   último / primero = 10^({quotient})")

# %% [markdown]
# Y con la profundidad, ¿qué pasa? La norma del gradiente del **primer** kernel, en redes de 1 a 16 capas ocultas:

# %%
depths = (1, 2, 4, 8, 16)
first_norms = {}
for name, (activation, initializer) in RECIPES.items():
    columns = []
    for depth in depths:
        models = seeded(lambda a=activation, i=initializer, d=depth: build_deep_mlp(a, i, depth=d))
        columns.append([math.log10(gradient_norms(model, batch, labels)[0]) for model in models])
    first_norms[name] = np.array(columns).T  # (5 semillas, 5 profundidades)
title, ylabel = "Gradiente del primer kernel antes de entrenar", "log₁₀ de la norma"
figure = kit.plot_bands(first_norms, title, "capas ocultas", ylabel, x=depths)

# %% [markdown]
# La sigmoide cae en línea recta en escala logarítmica: un factor constante por capa, como en la sección 10. ReLU con
# Glorot también cae, mucho más despacio. ReLU con He no.
#
# Ahora, a entrenar. **Predice** la exactitud de prueba de cada receta después de cinco épocas.

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)
with_test = small._replace(x_val=x_test, y_val=y_test)
accuracy = compare_depth_recipes(with_test, seed=42, epochs=5)
for name, value in accuracy.items():
    print(f"{name:8} {value:.1%}")

# %% [markdown]
# Con una semilla no se puede saber si la diferencia entre las dos recetas con ReLU es casual; con cinco, sí se puede
# medir. Como las semillas son las mismas, se promedia la diferencia de cada pareja.

# %%
trained = {}
for name, (activation, initializer) in RECIPES.items():
    models = seeded(lambda a=activation, i=initializer: build_deep_mlp(a, i))
    options = {"batch_size": 32, "epochs": 5, "seeds": SEEDS, "title": name}
    curves = kit.train_many(models, [with_test] * 5, optimizer=keras.optimizers.SGD(0.01), **options)
    trained[name] = curves["val_accuracy"]  # (5, 5)
title = "Cuatro capas de 64, SGD 0.01: cinco semillas"
figure = kit.plot_bands(trained, title, "época", "exactitud de prueba", reference=0.1)

for name, values in trained.items():
    print(f"{name:10} {kit.mean_interval(values[:, -1])}")
gain = 100 * (trained["ReLU + He"][:, -1] - trained["ReLU"][:, -1])
print(f"He − Glorot, con ReLU: {kit.mean_interval(gain)} puntos porcentuales")

# %% [markdown]
# La sigmoide no aprendió nada. Al primer kernel le llega unas cien veces menos gradiente que al último; y, como medirás
# en la sección 12, arriba las activaciones casi no dependen de la imagen: la última capa se mueve, pero no tiene con
# qué distinguir las clases. Entre las dos recetas con ReLU, He lleva una ventaja de varios puntos en estas cinco
# épocas, y el intervalo no contiene al 0. Es una ventaja de *velocidad*: en la clase 108 verás cómo depende del
# protocolo.

# %% [markdown]
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("107.4")

# %% [markdown]
# ## 12. Histogramas de ida y de vuelta
#
# Un número por capa esconde cosas. Veamos las distribuciones completas: arriba, las activaciones; abajo, los gradientes
# con respecto a esas activaciones, en escala logarítmica.


# %%
def signals(model, x, y):
    """Activaciones de cada capa oculta y gradientes de la pérdida con respecto a ellas."""
    activations, h = [], tf.constant(x)
    with tf.GradientTape() as tape:
        for layer in model.layers[:-1]:
            h = layer(h)
            tape.watch(h)
            activations.append(h)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model.layers[-1](h)))
    return activations, tape.gradient(loss, activations)


for name in ("sigmoide", "ReLU + He"):
    (model,) = seeded(lambda name=name: build_deep_mlp(*RECIPES[name], depth=6), seeds=[42])
    figure = kit.plot_signal_histograms(*signals(model, batch, labels), f"{name}: seis capas sin entrenar")

# %% [markdown]
# Lee la fila de abajo de derecha a izquierda, que es el camino del gradiente. En la sigmoide, cada capa corre toda la
# nube hacia la izquierda (cada unidad del eje es un factor de 10); con ReLU y He, la nube se queda en su sitio.
#
# Arriba se ve otra cosa. En las últimas capas sigmoides, el histograma se rompe en espigas: cada espiga es *una
# neurona* (o varias que coinciden), que da casi el mismo valor para las 256 imágenes. La señal todavía tiene tamaño,
# pero ya no dice qué imagen entró:
#
# $$\frac{\text{desviación de cada neurona entre las imágenes}}{\text{desviación entre todos los números de la capa}}.$$

# %%
for name in ("sigmoide", "ReLU + He"):
    (model,) = seeded(lambda name=name: build_deep_mlp(*RECIPES[name], depth=6), seeds=[42])
    activations, _ = signals(model, batch, labels)  # 6 × (256, 64)
    shares = [np.std(h, axis=0).mean() / np.std(h) for h in activations]
    print(f"{name:10} por capa: {'  '.join(f'{share:.3f}' for share in shares)}")

# %% [markdown]
# ## 13. Saturar no es lo mismo que desvanecerse
#
# Una neurona está *saturada* cuando su derivada es casi cero:
#
# $$\sigma'(z) = \sigma(z)\,\big(1 - \sigma(z)\big) \to 0 \quad\text{si } |z| \text{ es grande}.$$
#
# **Predice.** En la red sigmoide con Glorot, cuyo gradiente acabamos de ver desaparecer, ¿qué fracción de las neuronas
# está saturada ($\sigma' < 0.05$)?

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)


def wide_sigmoids():
    """La red sigmoide de cuatro capas, con pesos ocultos N(0, 1)."""
    starts = [keras.initializers.RandomNormal(stddev=1.0) for _ in range(4)]  # un objeto por capa
    layers = [keras.layers.Dense(64, "sigmoid", kernel_initializer=start) for start in starts]
    return keras.Sequential([keras.Input((784,)), *layers, keras.layers.Dense(10, "softmax")])


for name, build in {"Glorot": lambda: build_deep_mlp("sigmoid", "glorot_uniform"), "N(0, 1)": wide_sigmoids}.items():
    models = seeded(build)
    shares = [[np.mean(h * (1 - h) < 0.05) for h in signals(model, batch, labels)[0]] for model in models]
    firsts = [math.log10(gradient_norms(model, batch, labels)[0]) for model in models]
    print(f"{name:8} saturadas por capa: {'  '.join(f'{share:.0%}' for share in np.mean(shares, axis=0))}", end="")
    print(f"   log₁₀ del gradiente del primer kernel: {kit.mean_interval(firsts)}")

# %% [markdown]
# Con Glorot no hay casi ninguna neurona saturada y el gradiente se desvanece igual: incluso en su mejor punto, la
# sigmoide multiplica por $\tfrac14$. Con pesos N(0, 1) pasa lo contrario: más de la mitad está saturada, y aun así al
# primer kernel llega *más* gradiente, porque los pesos grandes compensan. El síntoma se mide en el gradiente, no en la
# saturación.

# %% [markdown]
# ## 14. Cuánto se mueve cada capa en un paso
#
# Un gradiente pequeño no es malo por ser pequeño: importa cuánto cambia un kernel *en relación con lo que mide*. En un
# paso de SGD con tasa $\eta$,
#
# $$r_l = \frac{\lVert \Delta W_l \rVert}{\lVert W_l \rVert} = \frac{\eta\,\lVert g_l \rVert}{\lVert W_l \rVert}.$$
#
# Como regla práctica, un valor cercano a $10^{-3}$ es sano (Karpathy, 2015).


# %%
def update_ratios(model, x, y, learning_rate):
    """‖ΔW‖ / ‖W‖ de cada kernel en un paso de SGD."""
    sizes = [np.linalg.norm(layer.get_weights()[0]) for layer in model.layers]
    return [learning_rate * norm / size for norm, size in zip(gradient_norms(model, x, y), sizes, strict=True)]


ratios = {}
for name, recipe in RECIPES.items():
    models = seeded(lambda recipe=recipe: build_deep_mlp(*recipe))
    logs = np.log([update_ratios(model, batch, labels, learning_rate=0.01) for model in models])  # (5, 5)
    ratios[name] = np.exp(logs.mean(axis=0))
title = "Cuánto se mueve cada kernel en el primer paso de SGD 0.01"
figure = kit.plot_layer_profile(ratios, title, "‖ΔW‖ / ‖W‖", reference=1e-3)

# %% [markdown]
# En la última capa, la red sigmoide se mueve tanto como la de ReLU y He. En la primera, a razón de una cienmilésima por
# paso, está casi congelada. Que la última se mueva no alcanza: lo que recibe casi no depende de la imagen (sección 12),
# y las capas de abajo apenas cambian para remediarlo.
#
# La misma razón sirve para elegir la tasa de aprendizaje. La medimos en ReLU + He, con varias tasas, y entrenamos tres
# épocas.

# %%
for rate in (1e-3, 1e-2, 1e-1, 1.0):
    models = seeded(lambda: build_deep_mlp("relu", "he_normal"))
    ratio = np.mean([np.mean(update_ratios(model, batch, labels, rate)) for model in models])
    options = {"batch_size": 32, "epochs": 3, "seeds": SEEDS, "title": f"tasa {rate:g}"}
    curves = kit.train_many(models, [small] * 5, optimizer=keras.optimizers.SGD(rate), **options)
    print(f"tasa {rate:6g}: ‖ΔW‖/‖W‖ = {ratio:.1e}, validación {kit.mean_interval(curves['val_accuracy'][:, -1])}")

# %% [markdown]
# Con la tasa más chica se aprende, pero despacio; las dos del medio, con razones de unas milésimas y de unas
# centésimas, dan resultados parecidos; con la más grande, el primer paso ya cambia los kernels, en promedio, en más de
# la décima parte de su norma, y la red se rompe: acierta lo mismo que al azar. El $10^{-3}$ es un orden de magnitud y
# no una meta: sirve para notar que algo está muy lejos.

# %% [markdown]
# ## Ejercicio 5. La señal en 15 capas
#
# Un laboratorio de juguete, sin imágenes: 15 capas ReLU de 128 neuronas. Mide la señal a la ida y a la vuelta con
# Glorot, con He y con matrices **ortogonales** de ganancia $\sqrt2$ (Saxe et al., 2014), que giran o reflejan la señal
# y multiplican todas las longitudes por el mismo número, $\sqrt2$:
#
# $$W^\top W = 2I \quad\Rightarrow\quad \lVert W x \rVert^2 = 2\,\lVert x \rVert^2.$$

# %%
keras.utils.set_random_seed(107)
W = np.array(keras.initializers.Orthogonal(gain=math.sqrt(2))((128, 128)))  # (128, 128)
x = rng.standard_normal(128)

print(f"mayor diferencia entre WᵀW y 2I: {np.abs(W.T @ W - 2 * np.eye(128)).max():.0e}")
print(f"‖Wx‖² / ‖x‖² = {np.sum((W @ x) ** 2) / np.sum(x**2):.4f}")


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
        capas 1, 2, … en el eje horizontal; eje vertical logarítmico; título, nombres de los ejes y una
        leyenda en cada par de ejes (`ax.legend()`), en español.
    """
    # BEGIN SOLUTION
    figure, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    panels = {"activation_std": "Ida: activaciones", "gradient_std": "Vuelta: gradientes"}
    for ax, (key, title) in zip(axes, panels.items(), strict=True):
        for name, result in results.items():
            layers = range(1, len(result[key]) + 1)
            ax.plot(layers, result[key], marker="o", markersize=4, label=name)
        ax.set(title=title, xlabel="capa", ylabel="desviación estándar", yscale="log")
        ax.grid(alpha=0.3)
        ax.legend()
    return figure
    # END SOLUTION


# %% [markdown]
# **Predice.** Con Glorot, ¿qué fracción de la señal quedará en la capa 15? ¿Y qué fracción del gradiente en la capa 1?

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)
names = ("glorot_uniform", "he_normal", "orthogonal")
results = {name: probe_signal(name) for name in names}
figure = plot_signal(results)
print(f"Glorot, 14 capas de 1/√2 cada una: {2**-7:.4f}")
for name, result in results.items():
    ahead = result["activation_std"][-1] / result["activation_std"][0]
    print(f"{name:14} ida, capa 15 / capa 1: {ahead:.4f}   vuelta, capa 1: {result['gradient_std'][0]:.4f}")

# %% [markdown]
# He y ortogonal conservan, en promedio sobre los sorteos, la media de los cuadrados; pero un sorteo puede apartarse
# bastante: con la semilla 42, la desviación de He termina en el triple, un caso raro. Con diez semillas:

# %%
for name in names:
    stds = np.array([probe_signal(name, seed=seed)["activation_std"] for seed in range(10)])  # (10, 15)
    kept = kit.mean_interval(np.log10(stds[:, -1] / stds[:, 0]))
    print(f"{name:14} log₁₀ de lo que queda de la capa 1 a la 15: {kept}")

# %% [markdown]
# Con He y con ortogonales, el promedio de los logaritmos queda algo por debajo de 0: el logaritmo de una media es mayor
# que la media de los logaritmos. Que cada sorteo caiga en otro lugar no es un error, y tiene fórmula. Para una entrada
# fija, la media de los cuadrados de una capa, $q_L = \frac1n\sum_i h_i^2$, cambia de un sorteo a otro; su varianza
# relativa después de $L$ capas anchas es, muy aproximadamente,
#
# $$\prod_{l=1}^{L}\Big(1 + \frac{c}{n_l}\Big) - 1, \qquad c = 5 \text{ (pesos normales)}, \quad c = 3 \text{ (ortogonales)}.$$
#
# Las ortogonales fluctúan menos porque estiran todas las entradas por igual: les queda solo el azar de qué neuronas
# apaga ReLU. Lo medimos en una red más pequeña, de 5 capas de 64, con 600 sorteos.


# %%
def energies(orthogonal, rng, draws=600, depth=5, width=64):
    """Media de los cuadrados en la última capa para una entrada fija con E[x²] = 1, en cada uno de `draws` sorteos."""
    h = np.ones((draws, 1, width))
    for _ in range(depth):
        W = rng.standard_normal((draws, width, width)) / math.sqrt(width)
        if orthogonal:
            W = np.linalg.qr(W)[0] * rng.choice([-1.0, 1.0], (draws, 1, width))
        h = relu(h @ (math.sqrt(2) * W))  # (draws, 1, width)
    return np.mean(h**2, axis=(1, 2))


for name, c in {"normales": 5, "ortogonales": 3}.items():
    sample = energies(orthogonal=c == 3, rng=rng)
    theory = math.sqrt((1 + c / 64) ** 5 - 1)
    print(f"{name:12} desviación relativa: fórmula {theory:.2f}, medida {sample.std() / sample.mean():.2f}", end="")
    print(f"   (en 15 capas de 128 la fórmula da {math.sqrt((1 + c / 128) ** 15 - 1):.2f})")

# %% [markdown]
# Con esos tamaños, que la media de los cuadrados quede en la mitad o en el doble de lo esperado es corriente; en nueve
# veces (una desviación del triple), raro; la diezmilésima parte que deja Glorot no es azar.

# %% [markdown]
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("107.5")

# %% [markdown]
# ## 15. Lo que He no salva: las entradas se parecen cada vez más
#
# Conservar el tamaño no basta: también importa el *ángulo* entre dos entradas, $\cos\theta = \frac{x \cdot
# x'}{\lVert x \rVert\,\lVert x' \rVert}$. Una capa ReLU ancha lo transforma así (Cho y Saul, 2009):
#
# $$\cos\theta_{l+1} = \frac{\sin\theta_l + (\pi - \theta_l)\cos\theta_l}{\pi}.$$
#
# **Predice.** Dos entradas perpendiculares ($\cos\theta = 0$) pasan por 15 capas ReLU con He. ¿Qué coseno tendrán al
# final?

# %%
prediction = "escribe aquí tu predicción"


# %%
def mean_cosine(h):
    """Coseno medio entre los pares de filas de `h`."""
    unit = h / np.linalg.norm(h, axis=1, keepdims=True)  # (b, n)
    b = len(h)
    return float(((unit @ unit.T).sum() - b) / (b * (b - 1)))


print("Tu predicción:", prediction)
cosine = 0.0
layers = (1, 2, 5, 10, 15)
theory, measured = {}, {layer: [] for layer in layers}
for layer in range(1, 16):
    angle = math.acos(cosine)
    cosine = (math.sin(angle) + (math.pi - angle) * math.cos(angle)) / math.pi
    theory[layer] = cosine
for _ in range(8):
    h = np.linalg.qr(rng.standard_normal((512, 64)))[0].T  # (64, 512): 64 entradas perpendiculares entre sí
    for layer in range(1, 16):
        h = relu(h @ (math.sqrt(2 / 512) * rng.standard_normal((512, 512))))  # (64, 512)
        if layer in layers:
            measured[layer].append(mean_cosine(h))
for layer in layers:
    print(f"capa {layer:2}: fórmula {theory[layer]:.3f}, medido {kit.mean_interval(measured[layer])}")

# %% [markdown]
# Después de 15 capas, entradas que no tenían nada en común apuntan casi en la misma dirección. La red conserva la
# escala y pierde, poco a poco, la diferencia entre un ejemplo y otro: es una razón más de que la profundidad cueste, y
# una de las que explican la normalización y las conexiones residuales, que encontrarás en la clase 108 (secciones 10 y
# 12).

# %% [markdown]
# ## Errores comunes
#
# | | síntoma | causa | arreglo |
# |:---|:---|:---|:---|
# | E1 | la pérdida no se mueve de 2.303 (10 clases) | el gradiente no llega: sigmoide profunda | ReLU con He |
# | E2 | la primera pérdida es mucho mayor que $\ln 10$ | pesos demasiado grandes | el inicializador por omisión, o He |
# | E3 | la pérdida es `nan` o `inf` | softmax o logaritmo escritos tal cual | resta el máximo; trabaja con los logits |
# | E4 | la entropía cruzada no baja de 1.46 | se le pasaron probabilidades en lugar de logits | una sola softmax, no dos |
# | E5 | `ValueError` al cambiar de pérdida | one-hot con `sparse_…`, o enteros sin `sparse_` | etiquetas del formato de la pérdida |
# | E6 | «el MSE es mejor: su pérdida es menor» | se compararon números con distinta unidad | compara exactitud |
# | E7 | paridad: prueba cercana al 100 % «sin esfuerzo» | cadenas repetidas en entrenamiento y prueba | cadenas distintas, y después cortar |
# | E8 | paridad: la red aprende como siempre, pero con las etiquetas contrarias | `suma % 2` vale 1 si la cantidad es impar | 1 si la cantidad de unos es **par** |
# | E9 | el gradiente es `None` | dentro de la cinta se pasó a NumPy (`predict`) | llama a la red: `model(x)` |
# | E10 | hay el doble de normas que de capas | se contaron también los sesgos | solo los kernels |
#
# Cada fila se puede reproducir.

# %%
for name in ("sigmoide", "ReLU + He"):
    (model,) = seeded(lambda name=name: build_deep_mlp(*RECIPES[name]), seeds=[42])
    model.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = kit.train(model, small, batch_size=32, epochs=3, seed=42, title=name)
    print(f"E1  {name:10} val_loss por época: {[round(loss, 3) for loss in history['val_loss']]}")

for name in ("N(0, 1)", "glorot_uniform"):
    (model,) = seeded(lambda name=name: one_hidden(name), seeds=[42])
    print(f"E2  {name:14} primera pérdida {initial_loss(model):.2f}")

# %%
z = np.array([[800.0, 0.0]])
with np.errstate(over="ignore", invalid="ignore"):
    print("E3  softmax tal cual:", np.exp(z) / np.exp(z).sum(), "  restando el máximo:", softmax(z))

perfect = np.eye(10)  # probabilidades perfectas de 10 ejemplos, uno por clase
print(f"E4  entropía cruzada de una predicción perfecta: {cross_entropy(perfect, np.arange(10)):.3f}", end="")
print(
    f" = ln(e + 9) − 1 = {math.log(math.e + 9) - 1:.3f};  con logits: {abs(cross_entropy(100 * perfect, np.arange(10))):.3f}"
)


# %%
def complaint(loss, labels):
    """Lo que dice Keras al entrenar con etiquetas de un formato que la pérdida no espera."""
    keras.utils.set_random_seed(42)
    model = softmax_regression()
    model.compile("sgd", loss)
    try:
        model.fit(small.x_train[:64], labels[:64], verbose=0)
    except ValueError as error:
        return str(error).splitlines()[0][:90]
    return "ninguna queja"


coded_labels = np.eye(10, dtype="float32")[small.y_train]  # (4000, 10)
print("E5  sparse_… con one-hot: ", complaint("sparse_categorical_crossentropy", coded_labels))
print("E5  categorical_… con enteros:", complaint("categorical_crossentropy", small.y_train))
print("E5  mse con enteros:      ", complaint("mse", small.y_train))

uniform, one_hot_row = np.full(10, 0.1), np.eye(10)[0]
print(f"E6  la misma predicción: MSE {np.mean((one_hot_row - uniform) ** 2):.2f}, CE {-math.log(0.1):.2f}")

# %%
bits, parity = whole_cube(8)
chosen = rng.integers(0, 256, 2000)  # con repetición
train_rows, test_rows = chosen[:1600], chosen[1600:]
print(f"E7  cadenas de prueba que están también en el entrenamiento: {np.isin(test_rows, train_rows).mean():.0%}")
copied = nearest_label(bits[train_rows], parity[train_rows], bits[test_rows])
print(f"E7  exactitud de copiar al vecino más parecido: {np.mean(copied == parity[test_rows]):.0%} (antes, 0%)")
print(f"E8  acuerdo entre suma % 2 y la paridad: {np.mean(bits.sum(axis=1) % 2 == parity):.0%}")

# %%
(model,) = seeded(lambda: build_deep_mlp("relu", "he_normal"), seeds=[42])
kernel = model.layers[0].kernel
for name, forward in {"predict": lambda x: model.predict(x, verbose=0), "model(x)": model}.items():
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(labels, tf.convert_to_tensor(forward(batch)))
        )
    gradient = tape.gradient(loss, kernel.value)
    print(f"E9  con {name:9} el gradiente es {'None' if gradient is None else 'un arreglo'}")

print(f"E10 capas {len(model.layers)}, variables {len(model.trainable_variables)}, ", end="")
print(f"kernels {sum(len(variable.shape) == 2 for variable in model.trainable_variables)}")

# %% [markdown]
# ## Preguntas frecuentes
#
# **¿Por qué no se entrena directamente la exactitud?** Porque su gradiente es 0 en casi todas partes: un cambio pequeño
# de los pesos casi nunca cambia qué clase gana (F1).
#
# **¿El MSE no sirve para clasificar?** Sirve, y con una buena inicialización llega cerca (ejercicio 2). Lo que tiene es
# un defecto: no corrige los errores de los que la red está segura.
#
# **¿Otro optimizador repara una mala inicialización?** A veces la tapa. Adam divide cada paso por el tamaño de los
# gradientes recientes, y la red sigmoide de cuatro capas sale de la meseta (F2). Pero a 16 capas no alcanza (F3):
# agrandar el paso no devuelve la información sobre la imagen, que la señal ya perdió en el camino (sección 12).
#
# **¿Y una tasa de aprendizaje mayor?** Con SGD y una tasa 50 veces mayor, la red sigmoide de cuatro capas pasa unas
# épocas en la meseta y después empieza a aprender (F4). ReLU con He no tiene meseta de la que salir.
#
# **¿El gradiente también puede explotar?** Sí: es el mismo producto, con factores mayores que 1 (F5). El síntoma son
# pérdidas enormes o `nan`, y se ataca con la inicialización, con una tasa menor o recortando el gradiente (`clipnorm`).
#
# **¿Por qué se compara siempre con la misma semilla?** Porque así las dos redes ven los mismos datos en el mismo orden
# y, si comparten formas e inicializador (como en `compare_losses`), parten de los mismos pesos: la diferencia de cada
# pareja suele tener menos ruido. ¿Y por qué con varias semillas? Porque una sola pareja puede ser suerte.

# %%
(model,) = seeded(lambda: build_deep_mlp("relu", "he_normal"), seeds=[42])
kernel = model.get_weights()[0]
accuracies = []
for step in (0.0, 1e-7):  # un cambio diminuto de todos los pesos de la primera capa
    model.layers[0].kernel.assign(kernel + step)
    accuracies.append(np.mean(np.argmax(model(batch), axis=1) == labels))
print(f"F1  la exactitud cambia {accuracies[1] - accuracies[0]:.0e} cuando los pesos cambian 1e-07")

# %%
three = range(3)
for label, depth in (("F2", 4), ("F3", 16)):
    models = seeded(lambda depth=depth: build_deep_mlp("sigmoid", "glorot_uniform", depth=depth), three)
    options = {"batch_size": 32, "epochs": 5, "seeds": three, "title": f"Adam, {depth} capas"}
    curves = kit.train_many(models, [small] * 3, optimizer=keras.optimizers.Adam(1e-3), **options)
    accuracy = kit.mean_interval(curves["val_accuracy"][:, -1])
    print(f"{label}  sigmoide, Adam, {depth:2} capas: exactitud de validación {accuracy} (3 semillas)")

models = seeded(lambda: build_deep_mlp("sigmoid", "glorot_uniform"), three)
options = {"batch_size": 32, "epochs": 8, "seeds": three, "title": "SGD 0.5"}
curves = kit.train_many(models, [small] * 3, optimizer=keras.optimizers.SGD(0.5), **options)
by_epoch = "  ".join(f"{accuracy:.2f}" for accuracy in curves["val_accuracy"].mean(axis=0))
print(f"F4  sigmoide, SGD 0.5, 4 capas: por época {by_epoch} (media de 3 semillas)")


# %%
def wide_relus():
    """Cuatro capas ReLU con pesos N(0, 1)."""
    starts = [keras.initializers.RandomNormal(stddev=1.0) for _ in range(4)]  # un objeto por capa
    layers = [keras.layers.Dense(64, "relu", kernel_initializer=start) for start in starts]
    return keras.Sequential([keras.Input((784,)), *layers, keras.layers.Dense(10, "softmax")])


for name, build in {"He": lambda: build_deep_mlp("relu", "he_normal"), "N(0, 1)": wide_relus}.items():
    logs = [math.log10(gradient_norms(model, batch, labels)[0]) for model in seeded(build)]
    print(f"F5  ReLU, cuatro capas, {name:8} log₁₀ del gradiente del primer kernel: {kit.mean_interval(logs)}")

# %% [markdown]
# ## Cuestionario
#
# Elige una opción en cada pregunta y escribe las letras en la celda que sigue. Cada pregunta vale 1 punto.

# %% [markdown]
# {{quiz}}


# %%
def quiz_answers():
    """Devuelve la letra de la opción que eliges en cada pregunta: {1: "b", 2: "a", …}."""
    # BEGIN SOLUTION
    return {1: "c", 2: "a", 3: "d", 4: "b", 5: "c", 6: "a", 7: "d", 8: "b", 9: "a", 10: "c"}
    # END SOLUTION


# %% [markdown]
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("107.cuestionario")

# %% [markdown]
# ## Preguntas abiertas
#
# Responde en la celda que sigue a cada pregunta, en pocas frases y con tus palabras. Las lee y califica tu docente; no
# forman parte de los 100 puntos de la clase.

# %% [markdown]
# {{open_questions}}

# %% [markdown]
# ## Referencias
#
# - Hochreiter, S. (1991). *Untersuchungen zu dynamischen neuronalen Netzen.* Tesis de diploma (*Diplomarbeit*),
#   Technische Universität München. (La primera descripción del gradiente que se desvanece.)
# - Glorot, X. y Bengio, Y. (2010). *Understanding the difficulty of training deep feedforward neural networks.*
#   AISTATS, PMLR 9, 249–256. <https://proceedings.mlr.press/v9/glorot10a.html>
# - He, K., Zhang, X., Ren, S. y Sun, J. (2015). *Delving Deep into Rectifiers: Surpassing Human-Level Performance on
#   ImageNet Classification.* ICCV. [arXiv:1502.01852](https://arxiv.org/abs/1502.01852)
# - Saxe, A. M., McClelland, J. L. y Ganguli, S. (2014). *Exact solutions to the nonlinear dynamics of learning in deep
#   linear neural networks.* ICLR. [arXiv:1312.6120](https://arxiv.org/abs/1312.6120)
# - Karpathy, A. (2015). *CS231n: Convolutional Neural Networks for Visual Recognition*, apuntes: «Ratio of
#   weights:updates». <https://cs231n.github.io/neural-networks-3/>
# - Cho, Y. y Saul, L. K. (2009). *Kernel Methods for Deep Learning.* NeurIPS 22.
# - Telgarsky, M. (2016). *Benefits of depth in neural networks.* COLT, PMLR 49.
#   [arXiv:1602.04485](https://arxiv.org/abs/1602.04485)
# - Xiao, H., Rasul, K. y Vollgraf, R. (2017). *Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
#   Algorithms.* [arXiv:1708.07747](https://arxiv.org/abs/1708.07747)
# - Géron, A. (2022). *Hands-On Machine Learning with Scikit-Learn, Keras, and TensorFlow*, 3.ª ed., capítulos 10 y 11.
#   O'Reilly.
# - Documentación de Keras: [funciones de pérdida](https://keras.io/api/losses/).
#
# ---
#
# **Próxima clase: 108 – Inicialización de pesos**
