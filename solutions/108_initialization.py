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
# # Clase 108: Inicialización de pesos
#
# **Objetivo.** Al terminar esta clase podrás:
#
# - explicar por qué una varianza cercana a $1/n_\text{in}$ conserva la escala de la señal de una capa a otra;
# - calcular a mano los límites y las varianzas de Glorot, He y LeCun;
# - elegir el inicializador que corresponde a cada activación: He con ReLU, Glorot con tanh;
# - comprobarlo con histogramas por capa y con entrenamientos que otra persona puede repetir.
#
# **Duración.** 55 minutos en clase. La tarea se hace después; su entrenamiento tarda unos minutos.
#
# **Requisitos previos.** Saber armar y entrenar una red densa en Keras (`Sequential`, `compile`, `fit`), y recordar qué
# son la media, la varianza y la desviación estándar.
#
# **Cómo se trabaja.** Ejecuta las celdas en orden. Cuando aparezca **Predice**, escribe tu respuesta *antes* de
# ejecutar la celda siguiente: equivocarse aquí es gratis y es lo que más se recuerda. En los ejercicios, reemplaza la
# línea `raise NotImplementedError(...)` por tu código, sin cambiar el nombre de la función ni sus argumentos.

# %%
import math
import os
import statistics
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow calla los avisos sobre la GPU

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

import kit

kit.show_versions()

# %% [markdown]
# Al cargarse, TensorFlow suele imprimir avisos sobre CUDA o la GPU. Si no tienes una GPU, no son errores.
#
# Usaremos Fashion-MNIST: imágenes de ropa de 28 × 28 píxeles, aplanadas en 784 números entre 0 y 1. Las últimas 5,000
# imágenes de entrenamiento se apartan para validar. Los ejercicios usan una parte pequeña, para que cada celda tarde
# segundos.

# %%
data = kit.load_fashion_mnist()
small = kit.subset(data, n_train=4000, n_val=1000)

print("completo:", data.x_train.shape, data.x_val.shape)
print("pequeño: ", small.x_train.shape, small.x_val.shape)

# %% [markdown]
# ## 1. Un producto con muchos factores
#
# Una red profunda aplica una capa tras otra. Si cada capa multiplica la escala de la señal por un factor $a$, después
# de $N$ capas la escala quedó multiplicada por
#
# $$a^N.$$
#
# Basta que $a$ se aparte un poco de 1 para que la señal desaparezca o explote.

# %%
N = 20
for a in (0.8, 1.0, 1.25):
    print(f"a = {a:4}  →  a^{N} = {a**N:.4g}")

# %% [markdown]
# **Predice.** Pasamos datos por 20 capas lineales de 256 neuronas. Los pesos son normales con desviación estándar 0.01.
# ¿De qué tamaño serán los valores a la salida: cerca de 1, de una milésima, o mucho menos?

# %%
prediction = "escribe aquí tu predicción"

# %%
rng = np.random.default_rng(108)


def rms(a):
    """Raíz de la media de los cuadrados: el tamaño típico de los números de un arreglo."""
    return float(np.sqrt(np.mean(np.square(a))))


def linear_output(stddev, depth=20, width=256):
    """Tamaño típico de la salida de `depth` capas lineales con pesos N(0, stddev²)."""
    h = rng.standard_normal((200, width))  # (200, 256)
    for _ in range(depth):
        h = h @ (stddev * rng.standard_normal((width, width)))  # (200, 256)
    return rms(h)


print("Tu predicción:", prediction)
for stddev in (0.01, 1 / 16, 1.0):
    print(f"pesos con desviación {stddev:6.4f}: salida de tamaño {linear_output(stddev):.1e}")

# %% [markdown]
# Con 0.01 no queda señal; con 1, los números tienen 25 cifras. Con $1/16$ la escala se conserva. Ese valor no es
# casualidad: $1/16 = \sqrt{1/256}$, y 256 es la cantidad de entradas de cada neurona.

# %% [markdown]
# ## 2. La varianza de una neurona
#
# Una neurona calcula $z = \sum_{i=1}^{n_\text{in}} w_i x_i$. Si los pesos son independientes y tienen media cero,
#
# $$\mathrm{Var}(z) = n_\text{in}\,\mathrm{Var}(w)\,\mathbb{E}[x^2].$$
#
# El último factor es la media de los *cuadrados* de las entradas, no su varianza. En nuestras imágenes no coinciden,
# porque los píxeles no tienen media cero.

# %%
x = data.x_train  # (55000, 784)
mean, std = float(x.mean()), float(x.std())

print(f"media {mean:.3f}, desviación estándar {std:.3f}, varianza {std**2:.3f}")
print(f"E[x²] = {np.mean(x**2):.3f}  =  varianza + media² = {std**2 + mean**2:.3f}")

# %% [markdown]
# Comprobemos la fórmula con $\mathrm{Var}(w) = 1/n_\text{in}$ y con el doble.

# %%
n_in, batch = 784, x[:1000]  # (1000, 784)

for numerator in (1, 2):
    variance = numerator / n_in
    W = math.sqrt(variance) * rng.standard_normal((n_in, 2000))  # (784, 2000)
    z = batch @ W  # (1000, 2000)
    expected = n_in * variance * np.mean(batch**2)
    print(f"Var(w) = {numerator}/784:  predicha {expected:.3f}, medida {np.mean(z**2):.3f}")

# %% [markdown]
# Con pesos de varianza $2/n_\text{in}$, unas entradas con $\mathbb{E}[x^2] = 1$ darían $\mathbb{E}[z^2] = 2$; nuestras
# imágenes entran con $\mathbb{E}[x^2] = 0.206$ y dan alrededor de 0.41. La inicialización fija el *factor*
# $n_\text{in}\,\mathrm{Var}(w)$ por el que se multiplica la escala que llega; no corrige esa escala. Para que la red
# reciba escala 1 hay que estandarizar las entradas.
#
# De la fórmula sale la primera regla. Si queremos que cada capa multiplique la escala por 1, hace falta
# $n_\text{in}\,\mathrm{Var}(w) = 1$:
#
# $$\mathrm{Var}(w) = \frac{1}{n_\text{in}} \qquad\text{(LeCun).}$$


# %%
def linear_profile(c, depth=20, width=256):
    """E[h²] después de cada una de las `depth` capas lineales con Var(w) = c / width."""
    h, profile = rng.standard_normal((200, width)), []  # (200, 256)
    for _ in range(depth):
        h = h @ (math.sqrt(c / width) * rng.standard_normal((width, width)))
        profile.append(float(np.mean(h**2)))
    return profile


profiles = {f"Var(w) = {c}/n": linear_profile(c) for c in (0.5, 1, 2)}
title = "Red lineal: solo 1/n conserva la señal"
figure = kit.plot_layer_profile(profiles, title, "E[h²]", reference=1)

# %% [markdown]
# ## 3. ReLU borra la mitad: He
#
# Si $z$ es simétrica alrededor de cero, ReLU anula la mitad de los valores, y con ellos la mitad de la suma de
# cuadrados:
#
# $$\mathbb{E}\big[\mathrm{ReLU}(z)^2\big] = \tfrac12\,\mathbb{E}[z^2].$$

# %%
z = rng.standard_normal(1_000_000)
h = np.maximum(z, 0)

print(f"E[z²] = {np.mean(z**2):.3f}   E[ReLU(z)²] = {np.mean(h**2):.3f}")

# %% [markdown]
# He et al. (2015) compensan ese medio con un 2:
#
# $$\mathrm{Var}(w) = \frac{2}{n_\text{in}}, \qquad \text{desviación estándar} = \sqrt{\frac{2}{n_\text{in}}}.$$
#
# Cuidado: $\sqrt{2/n_\text{in}}$ es la desviación estándar, no la varianza.

# %%
keras.utils.set_random_seed(108)
W = np.array(keras.initializers.HeNormal()((784, 300)))  # (784, 300)

print(f"varianza:   fórmula {2 / 784:.5f}, Keras {W.var():.5f}")
print(f"desviación: fórmula {math.sqrt(2 / 784):.4f},  Keras {W.std():.4f}")

# %% [markdown]
# ## 4. El camino de vuelta: Glorot
#
# El gradiente recorre la red en sentido contrario: cada neurona recibe la suma de $n_\text{out}$ términos. Para
# conservar su escala haría falta $\mathrm{Var}(w) = 1/n_\text{out}$. Si $n_\text{in} \ne n_\text{out}$, no se pueden
# cumplir las dos condiciones. Glorot y Bengio (2010) proponen un punto medio, que en otros textos y en PyTorch se llama
# *Xavier* (el nombre de pila de Glorot):
#
# $$\mathrm{Var}(w) = \frac{2}{n_\text{in} + n_\text{out}}.$$
#
# Es exactamente la media armónica de $1/n_\text{in}$ y $1/n_\text{out}$. De ahí viene la suma. No cumple con la ida ni
# con la vuelta: reparte el error.

# %%
n_in, n_out = 784, 300

print(f"2 / (n_in + n_out)      = {2 / (n_in + n_out):.6f}")
print(f"media armónica          = {statistics.harmonic_mean([1 / n_in, 1 / n_out]):.6f}")
print(f"solo ida   (1 / n_in)   = {1 / n_in:.6f}")
print(f"solo vuelta (1 / n_out) = {1 / n_out:.6f}")

own = np.random.default_rng(4)
for name, variance in {"1 / n_in": 1 / n_in, "1 / n_out": 1 / n_out, "Glorot": 2 / (n_in + n_out)}.items():
    W = math.sqrt(variance) * own.standard_normal((n_in, n_out))  # (784, 300)
    forward = np.mean((own.standard_normal((500, n_in)) @ W) ** 2)
    backward = np.mean((own.standard_normal((500, n_out)) @ W.T) ** 2)
    print(f"{name:9} multiplica por {forward:.2f} a la ida y por {backward:.2f} a la vuelta")

# %% [markdown]
# ## 5. Forma uniforme y forma normal
#
# Cada regla fija la varianza; la distribución puede ser uniforme o normal. Una uniforme en $[-L, L]$ tiene varianza
# $L^2/3$, así que $L = \sqrt{3\,\mathrm{Var}(w)}$. Para Glorot, que es lo que Keras usa por omisión:
#
# $$L = \sqrt{\frac{6}{n_\text{in} + n_\text{out}}}.$$
#
# Con la misma cuenta, el límite de He es $\sqrt{6/n_\text{in}}$ y el de LeCun, $\sqrt{3/n_\text{in}}$.
#
# **Predice.** Calcula a mano el límite de Glorot para una capa de 784 entradas y 128 neuronas (basta con dos
# decimales).

# %%
prediction = "escribe aquí tu predicción"

# %%
W = np.array(keras.initializers.GlorotUniform()((784, 128)))  # (784, 128)

print("Tu predicción:", prediction)
print(f"√(6 / (784 + 128)) = {math.sqrt(6 / (784 + 128)):.4f}")
print(f"kernel de Keras: mínimo {W.min():.4f}, máximo {W.max():.4f}")

# %% [markdown]
# Las formas normales de Keras (`he_normal`, `glorot_normal`, `lecun_normal`) están *truncadas* a dos sigmas y después
# reescaladas para que la desviación sea exacta. Por eso ningún peso supera 2.274 desviaciones. `RandomNormal` no se
# trunca, y `TruncatedNormal` se trunca pero no se reescala: si pides 0.02, obtienes menos.

# %%
shape = (2000, 2000)
samples = {
    "HeNormal": (keras.initializers.HeNormal(), math.sqrt(2 / 2000)),
    "RandomNormal(0.02)": (keras.initializers.RandomNormal(stddev=0.02), 0.02),
    "TruncatedNormal(0.02)": (keras.initializers.TruncatedNormal(stddev=0.02), 0.02),
}
print(f"{'':22} {'pedida':>8} {'medida':>8} {'máx|w| / medida':>16}")
for name, (initializer, requested) in samples.items():
    W = np.array(initializer(shape))  # (2000, 2000)
    print(f"{name:22} {requested:8.4f} {W.std():8.4f} {np.abs(W).max() / W.std():16.3f}")

# %% [markdown]
# Así se ven cuatro kernels (matrices de pesos) de 784 × 300. Fíjate en las paredes de las uniformes y en las colas
# cortadas de `he_normal`.

# %%
recipes = {
    "glorot_uniform": "glorot_uniform",
    "he_uniform": "he_uniform",
    "he_normal": "he_normal",
    "random_normal": keras.initializers.RandomNormal(stddev=0.01),
}
kernels = {}
for name, recipe in recipes.items():
    kernels[name] = np.array(keras.initializers.get(recipe)((784, 300)))  # (784, 300)

figure = kit.plot_distributions(kernels, "Kernels de 784 × 300 recién inicializados", "peso")

# %% [markdown]
# ## 6. ¿Cuánto se desvía la varianza de un kernel?
#
# Un kernel es una muestra de $M$ pesos, y su varianza nunca es exactamente la teórica. El error relativo típico depende
# de la curtosis, $\kappa = \mathbb{E}[w^4] / \mathbb{E}[w^2]^2$:
#
# $$\sqrt{\frac{\kappa - 1}{M}}, \qquad \kappa = 1.8 \text{ (uniforme)},\quad 2.366 \text{ (normal truncada)},\quad 3 \text{ (normal)}.$$
#
# Un kernel grande casi no se desvía; uno pequeño, sí. La fórmula sirve para distinguir un error del azar.


# %%
def relative_error(kurtosis, weights):
    """Error típico, relativo, de la varianza medida en un kernel de `weights` pesos."""
    return math.sqrt((kurtosis - 1) / weights)


many_draws = keras.random.SeedGenerator(108)  # da otro sorteo en cada llamada
he_normal = keras.initializers.HeNormal(seed=many_draws)
measured = np.std([np.array(he_normal((50, 10))).var() / (2 / 50) for _ in range(400)])

print(f"784 × 128, uniforme:        {relative_error(1.8, 784 * 128):.2%}")
print(f" 50 ×  10, normal truncada: {relative_error(2.366, 50 * 10):.2%}")
print(f" 50 ×  10, medido en 400 sorteos: {measured:.2%}")

# %% [markdown]
# ## 7. Entradas y salidas de una convolución
#
# En una capa densa, el kernel tiene forma `(entradas, salidas)`. En una convolución, cada salida mira todas las
# posiciones del filtro en todos los canales de entrada:
#
# $$n_\text{in} = \text{área del filtro} \times \text{canales de entrada}, \qquad
#   n_\text{out} = \text{área del filtro} \times \text{canales de salida}.$$

# %%
convolution = keras.layers.Conv2D(32, (3, 3), kernel_initializer="he_normal")
convolution.build((None, 28, 28, 16))
kernel = convolution.get_weights()[0]  # (3, 3, 16, 32)

n_in, n_out = 3 * 3 * 16, 3 * 3 * 32
print("kernel:", kernel.shape, " n_in:", n_in, " n_out:", n_out)
print(f"desviación: fórmula √(2/{n_in}) = {math.sqrt(2 / n_in):.4f}, Keras {kernel.std():.4f}")

# %% [markdown]
# ## 8. Lo que Keras hace si no dices nada
#
# El inicializador se elige **por capa**, con `kernel_initializer`. Los sesgos (*bias*) empiezan en cero: no participan
# en el producto de la sección 1 y no necesitan azar, porque los pesos ya hacen distintas a las neuronas.

# %%
layer = keras.layers.Dense(300)
layer.build((None, 784))
kernel, bias = layer.get_weights()  # (784, 300), (300,)

print("kernel:", type(layer.kernel_initializer).__name__)
print("bias:  ", type(layer.bias_initializer).__name__)
print("¿todos los sesgos son cero?", bool(np.all(bias == 0)))

# %% [markdown]
# ## Ejercicio 1. Valores por omisión y valores a mano
#
# Escribe cuatro funciones. Las tres primeras son las fórmulas de las secciones 2 a 7; la cuarta las compara con una
# capa real de Keras.


# %%
def compute_fans(kernel_shape):
    """Cuenta las entradas y las salidas que ve un kernel de Keras.

    Argumentos:
        kernel_shape: forma del kernel, una tupla de enteros: `(entradas, salidas)` en una capa
            Dense; `(*filtro, canales_de_entrada, canales_de_salida)` en Conv1D, Conv2D y Conv3D.

    Devuelve:
        La tupla de enteros `(fan_in, fan_out)`.
    """
    # BEGIN SOLUTION
    *spatial, inputs, outputs = kernel_shape
    area = math.prod(spatial)  # 1 en una capa Dense: no hay filtro
    return area * inputs, area * outputs
    # END SOLUTION


# %%
def theoretical_variance(initializer, fan_in, fan_out):
    """Varianza de los pesos según la regla del inicializador.

    Argumentos:
        initializer: "glorot_uniform", "glorot_normal", "he_uniform", "he_normal",
            "lecun_uniform" o "lecun_normal".
        fan_in: cantidad de entradas.
        fan_out: cantidad de salidas.

    Devuelve:
        La varianza, un float.

    Errores:
        ValueError: si el inicializador no es uno de los seis.
    """
    # BEGIN SOLUTION
    rule, _, form = initializer.partition("_")
    variances = {"glorot": 2 / (fan_in + fan_out), "he": 2 / fan_in, "lecun": 1 / fan_in}
    if rule not in variances or form not in ("uniform", "normal"):
        raise ValueError(f"No conozco el inicializador {initializer!r}.")
    return variances[rule]
    # END SOLUTION


# %%
def uniform_limit(initializer, fan_in, fan_out):
    """Límite L de la distribución uniforme en [-L, L] que corresponde al inicializador.

    Argumentos:
        initializer: "glorot_uniform", "he_uniform" o "lecun_uniform".
        fan_in: cantidad de entradas.
        fan_out: cantidad de salidas.

    Devuelve:
        L, un float positivo.

    Errores:
        ValueError: si el inicializador es normal (no tiene límite) o si no existe.
    """
    # BEGIN SOLUTION
    if not initializer.endswith("_uniform"):
        raise ValueError(f"{initializer!r} no es uniforme, así que no tiene límite.")
    return math.sqrt(3 * theoretical_variance(initializer, fan_in, fan_out))
    # END SOLUTION


# %%
def inspect_default_kernel(units, input_dim, seed):
    """Construye una capa Dense de Keras sin elegir inicializador y mide su kernel.

    Argumentos:
        units: cantidad de neuronas.
        input_dim: cantidad de entradas.
        seed: semilla; fíjala con `keras.utils.set_random_seed` antes de construir la capa.

    Devuelve:
        Un diccionario con
        "kernel": arreglo de NumPy de forma `(input_dim, units)`;
        "empirical_variance": varianza medida en ese kernel, un float;
        "theoretical_variance": varianza según la regla que Keras usa por omisión, un float.
    """
    # BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    layer = keras.layers.Dense(units)
    layer.build((None, input_dim))
    kernel = layer.get_weights()[0]  # (input_dim, units)
    return {
        "kernel": kernel,
        "empirical_variance": float(kernel.var()),
        "theoretical_variance": theoretical_variance("glorot_uniform", *compute_fans(kernel.shape)),
    }
    # END SOLUTION


# %% [markdown]
# Pruébalas. La diferencia entre las dos varianzas no debería pasar de dos o tres veces el error típico de la sección
# 6; puede ser mucho menor.

# %%
print("Dense (784, 300):       ", compute_fans((784, 300)))
print("Conv2D (3, 3, 16, 32):  ", compute_fans((3, 3, 16, 32)))
print("límite de glorot_uniform:", round(uniform_limit("glorot_uniform", 784, 300), 4))

report = inspect_default_kernel(units=300, input_dim=784, seed=42)
difference = report["empirical_variance"] / report["theoretical_variance"] - 1
print(f"varianza medida  {report['empirical_variance']:.6f}")
print(f"varianza teórica {report['theoretical_variance']:.6f}")
print(f"diferencia {difference:+.2%}; error típico {relative_error(1.8, 784 * 300):.2%}")

# %% [markdown]
# Para revisar este ejercicio, **guarda el cuaderno** (Ctrl+S), quita el `#` de la línea siguiente y ejecuta la celda.

# %%
# kit.check("108.1")

# %% [markdown]
# ## 9. Por qué los pesos tienen que ser distintos
#
# Si dos neuronas de una capa empiezan con los mismos pesos de entrada y de salida, calculan lo mismo y reciben el mismo
# gradiente:
#
# $$w_j = w_k \;\Rightarrow\; \frac{\partial \mathcal{L}}{\partial w_j} = \frac{\partial \mathcal{L}}{\partial w_k}.$$
#
# Nunca se separan: cien neuronas trabajan como una sola. El azar está para romper esa simetría.
#
# **Predice.** Entrenamos tres redes con 32 neuronas por capa oculta: todos los pesos de la primera empiezan en 0, los
# de la segunda en 0.01 y los de la tercera con He. Después de dos épocas, ¿en cuáles serán distintas las neuronas de la
# primera capa?

# %%
prediction = "escribe aquí tu predicción"


# %%
def compile_sgd(model, learning_rate):
    """Compila un clasificador con SGD simple y la exactitud como métrica."""
    sgd = keras.optimizers.SGD(learning_rate)
    model.compile(sgd, "sparse_categorical_crossentropy", metrics=["accuracy"])


# %%
print("Tu predicción:", prediction)
starts = {"ceros": "zeros", "0.01": keras.initializers.Constant(0.01), "He": "he_normal"}
for name, initializer in starts.items():
    keras.utils.set_random_seed(108)
    model = keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Dense(32, "relu", kernel_initializer=initializer),
            keras.layers.Dense(32, "relu", kernel_initializer=initializer),
            keras.layers.Dense(10, "softmax", kernel_initializer=initializer),
        ]
    )
    compile_sgd(model, 0.01)
    history = kit.train(model, small, batch_size=32, epochs=2, seed=108, title=name)
    kernel = model.get_weights()[0]  # (784, 32), una columna por neurona
    difference = np.ptp(kernel, axis=1).max()
    print(f"{name}: mayor diferencia entre dos neuronas {difference:.0e}")
    print(f"{name}: pérdida de validación {history['val_loss'][-1]:.3f}")

# %% [markdown]
# Con la constante, las 32 neuronas siguen siendo la misma: la diferencia, si la hay, es de redondeo. La red aprende muy
# poco. Con ceros, además, ReLU da 0 y no llega ningún gradiente a los kernels: la pérdida se queda en $\ln 10 = 2.303$,
# la de quien reparte la probabilidad por igual entre 10 clases.
#
# Hay otra repetición que pasa inadvertida, ahora entre capas. Un objeto inicializador de Keras 3 guarda su semilla, así
# que **el mismo objeto en dos capas de igual forma produce kernels idénticos**. Lo mismo pasa con una semilla entera
# repetida. Las neuronas de cada capa son distintas, y la red aprende; pero las capas ya no son sorteos independientes,
# que es lo que suponen las fórmulas de esta clase.

# %%
shared = keras.initializers.HeNormal()
first, second = np.array(shared((64, 64))), np.array(shared((64, 64)))
print("el mismo objeto dos veces, ¿iguales?       ", np.array_equal(first, second))

first, second = (np.array(keras.initializers.HeNormal(seed=7)((64, 64))) for _ in range(2))
print("dos objetos con semilla 7, ¿iguales?       ", np.array_equal(first, second))

first, second = (np.array(keras.initializers.get("he_normal")((64, 64))) for _ in range(2))
print("el nombre 'he_normal' dos veces, ¿iguales? ", np.array_equal(first, second))

# %% [markdown]
# Con un nombre no hay peligro: cada capa crea su propio objeto. Para los demás casos usaremos esta función.


# %%
def own_copy(initializer):
    """Devuelve un inicializador para una sola capa: igual al recibido, pero con semilla propia.

    Un nombre se devuelve tal cual, porque Keras ya crea un objeto nuevo en cada capa.
    """
    if isinstance(initializer, str):
        return initializer
    config = initializer.get_config()
    config.pop("seed", None)
    return type(initializer).from_config(config)


shared = keras.initializers.RandomNormal(stddev=0.01)
first, second = (np.array(own_copy(shared)((64, 64))) for _ in range(2))
print("con own_copy, ¿iguales?", np.array_equal(first, second))

# %% [markdown]
# ## Ejercicio 2. Tres inicializadores, una misma red
#
# Compara `glorot_uniform`, `he_normal` y `RandomNormal(stddev=0.01)` en una red `[512, 256, 128, 64, 10]` con ReLU,
# `SGD(0.01)` y lotes de 32. Para que solo cambie el inicializador, fija la semilla con `keras.utils.set_random_seed`
# **justo antes de construir cada red** con `build_mlp`, compila con `compile_sgd` (sección 9) y entrena con
# `kit.train`, que ordena los lotes igual para la misma semilla.


# %%
def build_mlp(units, activation, kernel_initializer, input_dim=784):
    """Construye una red densa para clasificar; no la compila.

    Argumentos:
        units: neuronas de cada capa, en orden; la última es la salida softmax.
        activation: activación de las capas ocultas, por ejemplo "relu".
        kernel_initializer: inicializador de las capas ocultas, un nombre o un objeto de Keras;
            si es un objeto, cada capa recibe su propia copia (`own_copy`). La capa de salida usa
            el inicializador por omisión de Keras.
        input_dim: cantidad de entradas.

    Devuelve:
        Un `keras.Model` con `len(units)` capas Dense y sesgos en cero.
    """
    # BEGIN SOLUTION
    model = keras.Sequential([keras.Input((input_dim,))])
    for n in units[:-1]:
        model.add(keras.layers.Dense(n, activation, kernel_initializer=own_copy(kernel_initializer)))
    model.add(keras.layers.Dense(units[-1], "softmax"))
    return model
    # END SOLUTION


# %%
def compare_initializers(data, seed, epochs):
    """Entrena la misma red con tres inicializadores y la misma semilla.

    Argumentos:
        data: `kit.Dataset` con imágenes de forma `(n, 784)`.
        seed: semilla de los pesos y de los lotes, la misma para las tres redes.
        epochs: épocas de cada entrenamiento.

    Devuelve:
        Un diccionario con las claves "glorot_uniform", "he_normal" y "random_normal" (esta última
        es `RandomNormal(stddev=0.01)`). Cada valor es la historia que devuelve `kit.train`.
    """
    # BEGIN SOLUTION
    initializers = {
        "glorot_uniform": "glorot_uniform",
        "he_normal": "he_normal",
        "random_normal": keras.initializers.RandomNormal(stddev=0.01),
    }
    histories = {}
    for name, initializer in initializers.items():
        keras.utils.set_random_seed(seed)
        model = build_mlp([512, 256, 128, 64, 10], "relu", initializer)
        compile_sgd(model, 0.01)
        histories[name] = kit.train(model, data, batch_size=32, epochs=epochs, seed=seed, title=name)
    return histories
    # END SOLUTION


# %%
def plot_val_loss(histories):
    """Dibuja la pérdida de validación de cada inicializador.

    Argumentos:
        histories: lo que devuelve `compare_initializers`.

    Devuelve:
        Una figura de Matplotlib con un solo par de ejes: una línea por inicializador, con su clave
        como etiqueta y los valores de `history["val_loss"]`; título, nombres de los ejes y leyenda
        en español.
    """
    # BEGIN SOLUTION
    figure, ax = plt.subplots(figsize=(7.5, 4.2), layout="constrained")
    for name, history in histories.items():
        epochs = range(1, len(history["val_loss"]) + 1)
        ax.plot(epochs, history["val_loss"], marker="o", color=kit.color_of(name), label=name)
    ax.set_title("Pérdida de validación según el inicializador")
    ax.set(xlabel="época", ylabel="pérdida de validación", xticks=list(epochs))
    ax.grid(alpha=0.3)
    ax.legend()
    return figure
    # END SOLUTION


# %% [markdown]
# **Predice.** ¿Cuál de las tres aprenderá más rápido? ¿Alguna no aprenderá nada?

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)
histories = compare_initializers(small, seed=42, epochs=5)
figure = plot_val_loss(histories)

# %% [markdown]
# He va por delante de Glorot en las primeras épocas, y la distancia se acorta. La línea de `random_normal` no se mueve
# de $\ln 10 \approx 2.303$. Mira por qué: la señal se reduce en cada capa a la ida, y el gradiente, que vuelve por los
# mismos pesos, llega a la primera capa unas mil veces más pequeño que con He.

# %%
tiny_normal = keras.initializers.RandomNormal(stddev=0.01)
for name, initializer in {"he_normal": "he_normal", "random_normal": tiny_normal}.items():
    keras.utils.set_random_seed(42)
    model = build_mlp([512, 256, 128, 64, 10], "relu", initializer)
    h, sizes = small.x_val, []  # (1000, 784)
    for layer in model.layers[:-1]:
        h = np.array(layer(h))  # (1000, neuronas)
        sizes.append(f"{rms(h):.1e}")
    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(small.y_val, model(small.x_val))
        loss = tf.reduce_mean(losses)
    gradient = tape.gradient(loss, model.trainable_variables[0])  # (784, 512)
    print(f"{name:14} señal por capa: {'  '.join(sizes)}")
    print(f"{'':14} gradiente del primer kernel: {rms(gradient):.0e}")

# %% [markdown]
# ¿Y con otro optimizador? Adam divide cada paso por el tamaño de los gradientes recientes, así que un gradiente
# diminuto no lo frena. La misma red, con los mismos pesos iniciales, sale del pozo. Un buen optimizador puede tapar una
# mala inicialización.

# %%
keras.utils.set_random_seed(42)
model = build_mlp([512, 256, 128, 64, 10], "relu", tiny_normal)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = kit.train(model, small, batch_size=32, epochs=3, seed=42, title="con Adam")

print("pérdida de validación por época:", [round(loss, 3) for loss in history["val_loss"]])

# %% [markdown]
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("108.2")

# %% [markdown]
# ## 10. Qué conserva He, y con qué tolerancia
#
# Con ReLU y He, lo que se conserva de capa en capa es $\mathbb{E}[h^2]$, y se conserva **en promedio sobre los
# sorteos** de pesos. Un sorteo cualquiera fluctúa. Para pesos normales y una entrada fija, la varianza relativa de esa
# fluctuación es
#
# $$\prod_{l}\left(1 + \frac{5}{n_l}\right) - 1,$$
#
# donde $n_l$ es la cantidad de neuronas de la capa $l$: mandan las capas angostas.

# %%
widths = [512, 256, 128, 64]
relative_variance = math.prod(1 + 5 / n for n in widths) - 1


def he_ratio(x):
    """E[h²] de la última capa dividida por E[x²], en un sorteo de pesos de He."""
    h = x  # (784,)
    for n in widths:
        h = np.maximum(h @ (math.sqrt(2 / h.size) * rng.standard_normal((h.size, n))), 0)
    return np.mean(h**2) / np.mean(x**2)


ratios = [he_ratio(small.x_val[0]) for _ in range(300)]
print(f"media de 300 sorteos: {np.mean(ratios):.2f} (teoría: 1)")
print(f"desviación relativa:  {np.std(ratios):.2f} (teoría: {math.sqrt(relative_variance):.2f})")
print(f"tres sorteos cualesquiera: {', '.join(f'{r:.2f}' for r in ratios[:3])}")

# %% [markdown]
# En esta red, que $\mathbb{E}[h^2]$ en la última capa oculta quede un 40 % por encima o por debajo de $\mathbb{E}[x^2]$
# no es un error: es una desviación típica. Un factor de 10 sí sería un error.

# %% [markdown]
# ## Ejercicio 3. Histogramas de activaciones
#
# Mira dentro de una red recién inicializada: saca las salidas de las capas ocultas, mide su varianza y dibújalas.


# %%
def layer_activations(model, batch):
    """Calcula la salida de cada capa oculta; la softmax no se incluye.

    Argumentos:
        model: red construida con `build_mlp`.
        batch: entradas, arreglo de forma `(b, input_dim)`.

    Devuelve:
        Una lista de arreglos de NumPy, uno por capa oculta y en orden; el de una capa de n neuronas
        tiene forma `(b, n)`.
    """
    # BEGIN SOLUTION
    activations, h = [], batch
    for layer in model.layers[:-1]:
        h = layer(h)  # (b, neuronas)
        activations.append(keras.ops.convert_to_numpy(h))
    return activations
    # END SOLUTION


# %%
def activation_variances(activations):
    """Varianza de las activaciones de cada capa, sobre todos los ejemplos y todas las neuronas.

    Argumentos:
        activations: lo que devuelve `layer_activations`.

    Devuelve:
        Una lista de floats, uno por capa.
    """
    # BEGIN SOLUTION
    return [float(np.var(h)) for h in activations]
    # END SOLUTION


# %%
def plot_activation_histograms(activations):
    """Dibuja el histograma de las activaciones de cada capa.

    Argumentos:
        activations: lo que devuelve `layer_activations`.

    Devuelve:
        Una figura de Matplotlib con un par de ejes por capa, y en cada uno un histograma de barras
        (`ax.hist`, `ax.bar` o `ax.stairs`); su título nombra la capa, por ejemplo "Capa 1", y los ejes
        llevan nombre (`set_xlabel`, `set_ylabel`).
    """
    # BEGIN SOLUTION
    rows, first = math.ceil(len(activations) / 4), None
    figure = plt.figure(figsize=(14, 3.2 * rows), layout="constrained")
    for number, h in enumerate(activations, start=1):
        ax = figure.add_subplot(rows, 4, number, sharex=first)
        ax.hist(h.ravel(), bins=40, label=f"varianza {np.var(h):.2g}")
        ax.set(title=f"Capa {number}", xlabel="activación", ylabel="frecuencia", yscale="log")
        ax.legend()
        first = first or ax
    return figure
    # END SOLUTION


# %% [markdown]
# **Predice.** En una red de 8 capas ocultas de 128 neuronas con ReLU, ¿qué le pasará a la varianza de las activaciones
# con Glorot? ¿Y con He?

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)
variances = {}
for name in ("glorot_uniform", "he_normal"):
    keras.utils.set_random_seed(42)
    activations = layer_activations(build_mlp([128] * 8 + [10], "relu", name), small.x_val)
    variances[name] = activation_variances(activations)
    figure = plot_activation_histograms(activations)
    figure.suptitle(f"Activaciones de una red sin entrenar, {name}")

# %%
title = "Varianza de las activaciones en una red sin entrenar"
figure = kit.plot_layer_profile(variances, title, "varianza")

# %% [markdown]
# Con Glorot, que entre dos capas de 128 vale $1/n$, falta el 2 de He: desde la segunda capa, cada una pierde cerca de
# la mitad. (En la primera, de 784 a 128, Glorot es solo un 14 % menor que He.) Con He, este sorteo sube hasta más del
# doble; otra semilla puede bajar. Es la fluctuación de la sección 10, y no una tendencia.
#
# Una cosa que *no* cambia entre inicializadores simétricos alrededor de cero: al empezar, cerca de la mitad de las
# activaciones de ReLU vale 0, sea cual sea la escala. Por eso la fracción de ceros no sirve para saber si hay neuronas
# muertas.

# %%
for name in ("glorot_uniform", "he_normal", "N(0, 1)"):
    zeros = []
    for seed in range(20):
        keras.utils.set_random_seed(seed)
        start = keras.initializers.RandomNormal(stddev=1.0) if name == "N(0, 1)" else name
        activations = layer_activations(build_mlp([128] * 4 + [10], "relu", start), small.x_val)
        zeros.append(np.mean([np.mean(h == 0) for h in activations]))
    print(f"{name:14} fracción de ceros: {np.mean(zeros):.2f} (media de 20 redes)")

# %% [markdown]
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("108.3")

# %% [markdown]
# ## 11. La activación y el inicializador se eligen juntos
#
# | activación | inicializador | varianza |
# |:---|:---|:---|
# | ReLU y sus variantes | He | $2/n_\text{in}$ |
# | tanh, salida softmax | Glorot | $2/(n_\text{in}+n_\text{out})$ |
# | SELU | LeCun normal | $1/n_\text{in}$ |
#
# Midámoslo en 20 capas de 256 neuronas. *Ida* es el tamaño de las activaciones de la última capa; *vuelta* es
#
# $$\frac{\text{tamaño del gradiente en la entrada}}{\text{tamaño del gradiente en la salida}}.$$
#
# Lo ideal es que ninguno de los dos esté lejos de 1.


# %%
def signal(activation, initializer, depth, width=256, seed=108):
    """Tamaño de la señal, a la ida y a la vuelta, en `depth` capas iguales; entran datos N(0, 1)."""
    keras.utils.set_random_seed(seed)
    f = keras.activations.get(activation)
    x, upstream = tf.random.normal((256, width)), tf.random.normal((256, width))
    with tf.GradientTape() as tape:
        tape.watch(x)
        h = x  # (256, width)
        for _ in range(depth):
            h = f(h @ keras.initializers.get(initializer)((width, width)))
    downstream = tape.gradient(h, x, output_gradients=upstream)  # (256, width)
    return rms(h), rms(downstream) / rms(upstream)


pairs = [
    ("relu", "he_normal"),
    ("relu", "glorot_uniform"),
    ("tanh", "glorot_uniform"),
    ("selu", "lecun_normal"),
    ("sigmoid", "glorot_uniform"),
]
print(f"{'par':26} {'ida':>8} {'vuelta':>8}")
for activation, initializer in pairs:
    draws = [signal(activation, initializer, depth=20, seed=s) for s in range(4)]
    forward, backward = np.mean(draws, axis=0)
    print(f"{activation + ' + ' + initializer:26} {forward:8.1e} {backward:8.1e}")

shallow = np.mean([signal("sigmoid", "glorot_uniform", depth=3, seed=s)[1] for s in range(4)])
print(f"sigmoid + glorot_uniform, pero con 3 capas: vuelta {shallow:.1e}")

# %% [markdown]
# Tres lecturas importantes:
#
# - **ReLU con Glorot** pierde un factor $1/\sqrt2$ por capa. En 20 capas, $2^{-10} \approx 0.001$: lo que ves en la
#   tabla.
# - **tanh con Glorot** tampoco da 1: $|\tanh z| < |z|$ y su derivada es menor que 1 fuera de cero, así que la señal
#   baja despacio. Glorot solo es exacto cerca de $z = 0$, donde tanh se parece a la identidad.
# - **Sigmoide con Glorot** casi no deja gradiente a 20 capas: su derivada nunca pasa de $1/4$, y $(1/4)^{20} \approx
#   10^{-12}$. Con dos o tres capas la pérdida todavía se tolera; de ahí la frase «Glorot va con la sigmoide».

# %% [markdown]
# ## Ejercicio 4. He con tanh
#
# Ahora al revés: ¿qué pasa si usas He donde corresponde Glorot? Una neurona tanh está *saturada* cuando $|h|$ es casi
# 1; ahí su derivada, $1 - h^2$, es casi cero.

# %%
for h in (0.0, 0.5, 0.97, 0.999):
    print(f"h = {h:5}  →  derivada de tanh = {1 - h**2:.3f}")

# %% [markdown]
# Para verlo con claridad hay que estandarizar las entradas. La media y la desviación se calculan **solo con el
# entrenamiento**, para no mirar los datos de validación, y son **un solo número cada una**: si se calcularan píxel por
# píxel, los bordes, casi siempre negros, tendrían una desviación diminuta y se amplificarían muchísimo:

# %%
quietest = data.x_train.std(axis=0).min()
print(f"desviación de todos los píxeles {data.x_train.std():.3f}, del píxel más quieto {quietest:.1e}")


# %%
def saturation_fraction(activations, threshold=0.97):
    """Fracción de activaciones saturadas en cada capa.

    Argumentos:
        activations: lo que devuelve `layer_activations`.
        threshold: una activación h está saturada si |h| > threshold.

    Devuelve:
        Una lista de floats entre 0 y 1, uno por capa.
    """
    # BEGIN SOLUTION
    return [float(np.mean(np.abs(h) > threshold)) for h in activations]
    # END SOLUTION


# %%
def compare_tanh_initializers(data, seed, epochs):
    """Entrena la red `[512, 256, 128, 64, 10]` con tanh, con Glorot y con He.

    Las entradas se estandarizan a media 0 y varianza 1 con la media y la desviación de todos los
    píxeles de entrenamiento (`data._replace(x_train=…, x_val=…)` da una copia; no modifiques `data`).
    Lo demás es como en el ejercicio 2: la misma semilla, fijada justo antes de construir cada red con
    `build_mlp`; `SGD(0.01)`, lotes de 32 y `kit.train`.

    Argumentos:
        data: `kit.Dataset` con imágenes en [0, 1].
        seed: semilla de los pesos y de los lotes.
        epochs: épocas de cada entrenamiento.

    Devuelve:
        Un diccionario con las claves "glorot_uniform" y "he_normal"; cada valor es un diccionario con
        "history": la historia que devuelve `kit.train`;
        "saturation": fracción saturada de cada capa oculta, medida ANTES de entrenar en las
        imágenes de validación.
    """
    # BEGIN SOLUTION
    mean, std = data.x_train.mean(), data.x_train.std()
    data = data._replace(x_train=(data.x_train - mean) / std, x_val=(data.x_val - mean) / std)
    results = {}
    for name in ("glorot_uniform", "he_normal"):
        keras.utils.set_random_seed(seed)
        model = build_mlp([512, 256, 128, 64, 10], "tanh", name)
        saturation = saturation_fraction(layer_activations(model, data.x_val))
        compile_sgd(model, 0.01)
        history = kit.train(model, data, batch_size=32, epochs=epochs, seed=seed, title=f"tanh, {name}")
        results[name] = {"history": history, "saturation": saturation}
    return results
    # END SOLUTION


# %% [markdown]
# **Predice.** ¿He empeorará la exactitud de esta red de cuatro capas con tanh? ¿Y la saturación?

# %%
prediction = "escribe aquí tu predicción"

# %%
print("Tu predicción:", prediction)
tanh_results = compare_tanh_initializers(small, seed=42, epochs=4)

for name, result in tanh_results.items():
    saturated = "  ".join(f"{fraction:6.2%}" for fraction in result["saturation"])
    print(f"{name:14} saturación por capa: {saturated}")
    print(f"{'':14} exactitud de validación: {result['history']['val_accuracy'][-1]:.1%}")

# %%
percent = {name: [100 * s for s in result["saturation"]] for name, result in tanh_results.items()}
title, ylabel = "Neuronas tanh saturadas antes de entrenar", "activaciones con |h| > 0.97 (%)"
figure = kit.plot_layer_profile(percent, title, ylabel, log=False)

# %% [markdown]
# A cuatro capas no se nota en la exactitud: hay más saturación, pero la red se las arregla. El costo aparece con la
# profundidad. Veamos qué le pasa al gradiente cuando vuelve por 20, 50 y 100 capas.

# %%
for initializer in ("glorot_uniform", "he_normal"):
    for depth in (20, 50, 100):
        backward = np.mean([signal("tanh", initializer, depth, seed=s)[1] for s in range(4)])
        print(f"tanh + {initializer:14} {depth:3} capas: vuelta = {backward:.2g}")

# %% [markdown]
# Con Glorot el gradiente se reduce despacio: después de 100 capas queda alrededor del 8 %. Con He crece de forma
# exponencial, cerca de un 5 % por capa desde la 20: después de 50 capas es unas 8 veces mayor que a la salida, y
# después de 100, cerca de 100 veces. Esa explosión es la que Glorot evita cuando la activación es tanh.

# %% [markdown]
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("108.4")

# %% [markdown]
# ## 12. Repetir un experimento y volver a empezar
#
# Una comparación de inicializadores necesita sorteos que se puedan repetir. La receta que circula en muchos tutoriales
# **no funciona en Keras 3**: los inicializadores toman su semilla del módulo `random` de Python, que esa receta no
# toca.


# %%
def first_weights():
    """Los pesos de una capa pequeña recién construida."""
    layer = keras.layers.Dense(2)
    layer.build((None, 2))
    return [round(float(w), 3) for w in layer.get_weights()[0].ravel()]


print("receta antigua: tf.random.set_seed + np.random.seed")
for _ in range(2):
    tf.random.set_seed(42)
    np.random.seed(42)
    print("  ", first_weights())

print("Keras 3: keras.utils.set_random_seed")
for _ in range(2):
    keras.utils.set_random_seed(42)
    print("  ", first_weights())

# %% [markdown]
# `keras.utils.set_random_seed` fija las tres fuentes de azar: Python, NumPy y TensorFlow. En una GPU puede hacer falta,
# además, `tf.config.experimental.enable_op_determinism()`, que hace todo más lento.
#
# El segundo detalle es el orden de los ejemplos. Después de fijar la semilla, `fit(shuffle=True)` con arreglos **repite
# la misma permutación en todas las épocas**. Por eso el curso usa `kit.epoch_batches`: una permutación nueva por época,
# siempre la misma para la misma semilla.


# %%
class Spy(keras.Sequential):
    """Una red que anota qué ejemplos recibe en cada paso."""

    seen = ()

    def train_step(self, batch):
        self.seen += (batch[0].numpy().ravel().astype(int).tolist(),)
        return super().train_step(batch)


def order_seen(*fit_arguments, **fit_options):
    """El orden en que `fit` entrega los ejemplos 0 a 5 en tres épocas."""
    keras.utils.set_random_seed(42)
    spy = Spy([keras.Input((1,)), keras.layers.Dense(1)])
    spy.compile("sgd", "mse", run_eagerly=True)
    spy.fit(*fit_arguments, **fit_options, epochs=3, verbose=0)
    return spy.seen


examples, targets = np.arange(6.0)[:, None], np.zeros((6, 1))  # (6, 1), (6, 1)
print("arreglos:         ", *order_seen(examples, targets, batch_size=6))
batches = kit.epoch_batches(examples, targets, batch_size=6, seed=42)
print("kit.epoch_batches:", *order_seen(batches, shuffle=False))

# %% [markdown]
# El tercer detalle es cómo se guardan los pesos para volver a ellos. `model.weights` contiene variables **vivas**:
# guardarlas no copia nada. `model.get_weights()` sí devuelve copias.

# %%
keras.utils.set_random_seed(42)
model = build_mlp([16, 10], "relu", "he_normal")
compile_sgd(model, 0.01)
alive, copies = list(model.weights), model.get_weights()
kit.train(model, small, batch_size=32, epochs=1, seed=42, title="una época")

trained = model.get_weights()[0]  # (784, 16)
print("lo guardado con model.weights es    ", "lo nuevo" if np.array_equal(alive[0], trained) else "lo viejo")
print("lo guardado con model.get_weights es", "lo nuevo" if np.array_equal(copies[0], trained) else "lo viejo")

# %% [markdown]
# Y el cuarto: el optimizador también tiene memoria. `set_weights` repone los pesos, pero no pone en cero los
# contadores ni los momentos del optimizador. Para empezar de verdad de nuevo, vuelve a compilar con un optimizador
# nuevo.

# %%
model.set_weights(copies)
print("pasos que recuerda tras set_weights:", int(model.optimizer.iterations))

compile_sgd(model, 0.01)
print("pasos que recuerda tras compilar:   ", int(model.optimizer.iterations))

# %% [markdown]
# ## Ejercicio 5. Reinicio y reproducibilidad
#
# `train_reproducibly` debe dar **exactamente** los mismos pesos cuando se llama dos veces con la misma semilla en la
# misma computadora, también después de reiniciar el kernel, y otros con otra semilla o con otros datos. Elige una red
# pequeña de capas `Dense`, de los 784 píxeles a las 10 clases (por ejemplo, con `build_mlp`), y una tasa de aprendizaje
# pequeña, como 0.01 con `compile_sgd`: después de una época, dos entrenamientos que parten de la misma semilla con
# datos distintos deben seguir pareciéndose, porque empezaron en los mismos pesos.


# %%
def seed_everything(seed):
    """Fija todas las fuentes de azar que usa Keras 3: Python, NumPy y TensorFlow.

    Argumentos:
        seed: un entero; todas las fuentes reciben ese mismo número.
    """
    # BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    # END SOLUTION


# %%
def snapshot_weights(model):
    """Copia los pesos de una red, de modo que entrenarla después no cambie la copia.

    Argumentos:
        model: una red de Keras ya construida.

    Devuelve:
        Una lista de arreglos de NumPy, en el orden de `model.weights`.
    """
    # BEGIN SOLUTION
    return [np.array(w) for w in model.get_weights()]
    # END SOLUTION


# %%
def restore_weights(model, snapshot):
    """Repone en una red los pesos que se copiaron con `snapshot_weights`.

    Argumentos:
        model: la red de la que se hizo la copia, u otra de la misma forma.
        snapshot: la lista de arreglos; no se modifica.
    """
    # BEGIN SOLUTION
    model.set_weights(snapshot)
    # END SOLUTION


# %%
def train_reproducibly(data, seed, epochs):
    """Construye y entrena una red pequeña de modo que el resultado dependa solo de la semilla.

    Argumentos:
        data: `kit.Dataset` con imágenes de forma `(n, 784)`.
        seed: semilla de todo el azar: pesos iniciales y orden de los lotes.
        epochs: épocas de entrenamiento.

    Devuelve:
        Los pesos finales, una lista de arreglos de NumPy.
    """
    # BEGIN SOLUTION
    seed_everything(seed)
    model = build_mlp([64, 32, 10], "relu", "he_normal")
    compile_sgd(model, 0.01)
    kit.train(model, data, batch_size=32, epochs=epochs, seed=seed, title=f"semilla {seed}")
    return snapshot_weights(model)
    # END SOLUTION


# %%
def all_equal(first, second):
    """Dice si dos listas de arreglos son iguales bit a bit."""
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


run_a = train_reproducibly(small, seed=1, epochs=1)
run_b = train_reproducibly(small, seed=1, epochs=1)
run_c = train_reproducibly(small, seed=2, epochs=1)
print("semilla 1 dos veces, ¿iguales?", all_equal(run_a, run_b))
print("semillas 1 y 2, ¿iguales?     ", all_equal(run_a, run_c))

# %%
model = build_mlp([32, 10], "relu", "he_normal")
compile_sgd(model, 0.01)
start = snapshot_weights(model)
kit.train(model, small, batch_size=32, epochs=1, seed=42, title="antes de restaurar")
print("después de entrenar, ¿pesos del inicio?", all_equal(model.get_weights(), start))

restore_weights(model, start)
print("después de restaurar, ¿pesos del inicio?", all_equal(model.get_weights(), start))

# %% [markdown]
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("108.5")

# %% [markdown]
# ## Tarea. ¿Cuánto adelanta He?
#
# Entrena la red `{{protocol.units}}` con ReLU tres veces, con `glorot_uniform`, `he_uniform` y `he_normal`, y
# compara. El protocolo es fijo y está en `kit.HOMEWORK`: así los resultados de toda la clase se pueden comparar.

# %%
for field, value in kit.HOMEWORK._asdict().items():
    print(f"{field:16} {value}")


# %%
def train_homework(data, kernel_initializer, seed, epochs=20):
    """Entrena la red de la tarea con un inicializador, según `kit.HOMEWORK`.

    Argumentos:
        data: `kit.Dataset` con imágenes de forma `(n, 784)`.
        kernel_initializer: nombre del inicializador de las capas ocultas.
        seed: semilla de los pesos y de los lotes; se fija antes de construir la red.
        epochs: épocas de entrenamiento.

    Devuelve:
        Un diccionario con
        "history": la historia que devuelve `kit.train`;
        "initial_weights": copia de los pesos antes de entrenar, como la de `snapshot_weights`;
        "final_weights": copia de los pesos después de entrenar;
        "checkpoints": lo que queda en `checkpoints.changes`, con `checkpoints = kit.Checkpoints(nombre)` pasado a
            `kit.train(…, checkpoints=checkpoints)`; el nombre, distinto para cada inicializador.
    """
    # BEGIN SOLUTION
    protocol = kit.HOMEWORK
    seed_everything(seed)
    model = build_mlp(list(protocol.units), protocol.activation, kernel_initializer)
    compile_sgd(model, protocol.learning_rate)
    initial_weights = snapshot_weights(model)
    title, checkpoints = str(kernel_initializer), kit.Checkpoints(f"108_{kernel_initializer}")
    history = kit.train(
        model, data, batch_size=protocol.batch_size, epochs=epochs, seed=seed, title=title, checkpoints=checkpoints
    )
    return {
        "history": history,
        "initial_weights": initial_weights,
        "final_weights": snapshot_weights(model),
        "checkpoints": checkpoints.changes,
    }
    # END SOLUTION


# %%
def run_homework(data, seed):
    """Entrena las tres redes de la tarea con la misma semilla y las épocas del protocolo.

    Argumentos:
        data: `kit.Dataset` completo.
        seed: la misma semilla para las tres redes.

    Devuelve:
        Un diccionario con las claves "glorot_uniform", "he_uniform" y "he_normal"; cada valor es
        lo que devuelve `train_homework`.
    """
    # BEGIN SOLUTION
    protocol = kit.HOMEWORK
    return {name: train_homework(data, name, seed, protocol.epochs) for name in protocol.initializers}
    # END SOLUTION


# %%
def kernel_norms(weights):
    """Norma de Frobenius, √(Σ w²), de cada kernel.

    Argumentos:
        weights: lista de arreglos como la de `model.get_weights()`; los kernels tienen dos ejes
            o más; los sesgos, uno solo, y no se cuentan.

    Devuelve:
        Una lista de floats, uno por kernel y en orden.
    """
    # BEGIN SOLUTION
    return [float(np.linalg.norm(w)) for w in weights if np.ndim(w) >= 2]
    # END SOLUTION


# %%
def best_initializer(results):
    """Elige la variante de He que terminó mejor.

    Argumentos:
        results: lo que devuelve `run_homework`.

    Devuelve:
        "he_uniform" o "he_normal": la de mayor `val_accuracy` en la última época.
    """
    # BEGIN SOLUTION
    accuracy = {name: results[name]["history"]["val_accuracy"][-1] for name in ("he_uniform", "he_normal")}
    return max(accuracy, key=accuracy.get)
    # END SOLUTION


# %% [markdown]
# **Predice.** ¿Cuántos puntos porcentuales de exactitud de validación le sacará la mejor variante de He a Glorot
# después de {{protocol.epochs}} épocas?

# %%
prediction = "escribe aquí tu predicción"

# %% [markdown]
# Escribe tu identificador, el mismo con el que entregas. De él sale *tu* semilla: cada quien entrena otras redes, y tu
# resultado es un punto más en el experimento de toda la clase.

# %%
student_id = "escribe-aquí-tu-identificador"

# %% [markdown]
# La celda siguiente entrena tres redes con las 55,000 imágenes. En una computadora con dos núcleos tarda unos minutos;
# la línea de progreso dice cuánto falta. Después de cada época el avance queda en la carpeta `progreso`, junto al
# cuaderno: si algo interrumpe el entrenamiento, ejecuta la celda otra vez y sigue donde estaba.

# %%
results = run_homework(data, seed=kit.homework_seed(student_id))

# %%
best = best_initializer(results)
accuracy = {name: result["history"]["val_accuracy"][-1] for name, result in results.items()}

print("Tu predicción:", prediction)
for name, value in accuracy.items():
    print(f"{name:14} {value:.2%}")
gap = 100 * (accuracy[best] - accuracy["glorot_uniform"])
print(f"{best} − glorot_uniform = {gap:+.2f} puntos porcentuales")

# %%
histories = {name: result["history"] for name, result in results.items()}
figure = kit.plot_accuracy(histories, "Tarea: exactitud de validación")

# %% [markdown]
# Con la misma semilla, Keras sortea para `he_uniform` los mismos números que para `glorot_uniform` y solo los reescala.
# La comparación es *pareada*: entre esas dos redes no hay más diferencia que la escala.

# %%
glorot = results["glorot_uniform"]["initial_weights"][0]  # (784, 300)
he = results["he_uniform"]["initial_weights"][0]  # (784, 300)
factor = math.sqrt((784 + 300) / 784)
difference = np.abs(he - factor * glorot).max()

print(f"factor = √(1084 / 784) = {factor:.4f}")
print(f"mayor diferencia entre he_uniform y factor · glorot_uniform: {difference:.0e}")

# %% [markdown]
# Compara ahora las normas de los kernels antes y después de entrenar. Con una tasa de aprendizaje tan pequeña cambian
# poco: la red termina cerca de donde empezó, y por eso el punto de partida pesa tanto.

# %%
norms = {
    name: (kernel_norms(result["initial_weights"]), kernel_norms(result["final_weights"]))
    for name, result in results.items()
}
for name, (before, after) in norms.items():
    print(f"{name:14}   antes: {'  '.join(f'{norm:5.2f}' for norm in before)}")
    print(f"{'':14} después: {'  '.join(f'{norm:5.2f}' for norm in after)}")
    print(f"{'':14} mayor / menor, después: {max(after) / min(after):.1f}")
figure = kit.plot_norms(norms)

# %% [markdown]
# Guarda la entrega. El archivo queda junto al cuaderno: contiene los pesos antes y después, cómo cambiaron en cada
# época, las historias, tu identificador y las versiones.

# %%
path = kit.save_homework(results, kit.HOMEWORK.file_name, student_id)
print(f"{path} guardado: {path.stat().st_size / 1e6:.1f} MB")

# %% [markdown]
# ### Qué se acepta, y qué significa
#
# No se cree lo que dice el archivo; se comprueba con los pesos que entregas:
#
# 1. **Ventaja de He.** La mejor variante de He supera a Glorot por {{protocol.min_gap}} puntos porcentuales o más de exactitud de
#    validación después de {{protocol.epochs}} épocas.
# 2. **Normas sanas.** Las normas de los kernels entrenados de cada red difieren en un factor de {{protocol.max_norm_ratio}} como máximo.
# 3. **Inicialización verdadera, y tuya.** Los pesos iniciales son los que Keras sortea con la semilla de tu
#    identificador.
# 4. **Resultados verdaderos.** Las historias tienen {{protocol.epochs}} épocas; la exactitud y la pérdida de validación de cada una son
#    las que dan los pesos de esa época.
# 5. **Entrenamiento verdadero.** De cada red se repite una época elegida al azar, desde los pesos que tu archivo tiene
#    antes de ella: debe llegar a los que tiene después. Quien no entrenó no puede saber a cuáles.
#
# **No saques de aquí una conclusión de más.** Que la ventaja sea tan visible es cosa del protocolo: una tasa de
# aprendizaje de {{protocol.learning_rate}} con lotes de {{protocol.batch_size}} es lenta, y a las {{protocol.epochs}} épocas Glorot todavía está llegando. Lo que He aporta en
# esta red es *velocidad*. Esta es la diferencia entre la exactitud de He y la de Glorot, en puntos porcentuales, con la
# misma red, las mismas {{protocol.epochs}} épocas y las mismas semillas (media ± desviación estándar entre semillas, que no es el error
# de la media):
#
# | protocolo | He uniforme − Glorot | He normal − Glorot | semillas |
# |:---|:---|:---|:---|
# | SGD 0.01, lotes de 32 | +0.10 ± 0.26 | +0.08 ± 0.13 | 4 |
# | SGD 0.001, lotes de 32 | +0.58 ± 0.20 | +0.72 ± 0.36 | 4 |
# | SGD 0.001, lotes de 128 | +1.50 ± 0.36 | +1.74 ± 0.70 | 4 |
# | **SGD {{protocol.learning_rate}}, lotes de {{protocol.batch_size}}** (la tarea) | **+3.75 ± 0.88** | **+3.92 ± 1.43** | 16 |
#
# Cuando la red avanza más en esas {{protocol.epochs}} épocas (pasos más grandes o más seguidos), la ventaja se evapora. He et al. (2015)
# cuentan algo parecido: en redes menos profundas su método no da una exactitud claramente mejor, sino un comienzo más
# rápido, y con 30 capas solo la red inicializada con él logra entrenarse.
#
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("108.tarea")

# %% [markdown]
# ## Errores comunes
#
# | | síntoma | causa | arreglo |
# |:---|:---|:---|:---|
# | E1 | la pérdida se queda en 2.303 (10 clases) | pesos en cero o demasiado pequeños | He con ReLU, Glorot con tanh |
# | E2 | la primera pérdida es mucho mayor que $\ln 10$ | pesos demasiado grandes | la misma regla; revisa `stddev` |
# | E3 | «usé He» pero la señal se apaga | se pasó la varianza $2/n_\text{in}$ como `stddev` | usa `"he_normal"`, o $\sqrt{2/n_\text{in}}$ |
# | E4 | dos capas tienen el mismo kernel | el mismo objeto, o la misma semilla entera, en las dos | un nombre, o un objeto por capa |
# | E5 | los sesgos no empiezan en cero | `bias_initializer="glorot_uniform"`: Keras no avisa | no toques `bias_initializer` |
# | E6 | cada ejecución da otros pesos | semilla con la receta antigua | `keras.utils.set_random_seed` |
# | E7 | restaurar no restaura nada | se guardó `model.weights`, que está vivo | `model.get_weights()` |
# | E8 | tras restaurar, la ejecución es distinta | el optimizador conserva sus momentos | compila de nuevo |
# | E9 | `ValueError` al crear la capa | el nombre no existe: falta la forma, como en `"he"` | `"he_normal"` |
# | E10 | aviso sobre `input_shape` | así se hacía antes de Keras 3 | `keras.Input` como primer elemento |
#
# Cada fila se puede reproducir. E1, E4, E6, E7 y E8 ya aparecieron: E1 entrenando, en la sección 9 y en el ejercicio 2;
# las demás, en las secciones 9 y 12. Aquí están todas juntas.


# %%
def first_loss(initializer):
    """Pérdida de validación de una red sin entrenar."""
    keras.utils.set_random_seed(42)
    model = build_mlp([256, 128, 64, 10], "relu", initializer)
    compile_sgd(model, 0.01)
    return model.evaluate(small.x_val, small.y_val, verbose=0)[0]


print(f"ln 10 = {math.log(10):.3f}")
print(f"E1  ceros:           {first_loss('zeros'):.3f}")
print(f"E2  RandomNormal(1): {first_loss(keras.initializers.RandomNormal(stddev=1.0)):.0f}")
print(f"    he_normal:       {first_loss('he_normal'):.3f}")

# %%
n = 256
for name, stddev in {"E3  stddev = 2/n": 2 / n, "    stddev = √(2/n)": math.sqrt(2 / n)}.items():
    h = rng.standard_normal((200, n)).astype("float32")  # (200, 256)
    for _ in range(4):
        W = np.array(keras.initializers.RandomNormal(stddev=stddev)((n, n)))  # (256, 256)
        h = np.maximum(h @ W, 0)
    print(f"{name:20} señal después de 4 capas: {rms(h):.1e}")

# %%
shared = keras.initializers.HeNormal()
layers = [keras.layers.Dense(64, kernel_initializer=shared) for _ in range(2)]
for layer in layers:
    layer.build((None, 64))
first, second = (layer.get_weights()[0] for layer in layers)
print("E4  ¿kernels iguales?", np.array_equal(first, second))

layer = keras.layers.Dense(64, bias_initializer="glorot_uniform")
layer.build((None, 64))
print("E5  primeros sesgos:", layer.get_weights()[1][:3].round(3))

# %%
weights = []
for _ in range(2):
    tf.random.set_seed(42)
    weights.append(first_weights())
print("E6  receta antigua, ¿pesos iguales?", weights[0] == weights[1])

model = build_mlp([8, 10], "relu", "he_normal")
saved, expected = list(model.weights), model.get_weights()
model.layers[0].kernel.assign(np.zeros((784, 8)))  # como si se hubiera entrenado
model.set_weights(saved)
print("E7  ¿volvió el kernel original?", np.array_equal(model.get_weights()[0], expected[0]))

# %%
keras.utils.set_random_seed(42)
model = build_mlp([16, 10], "relu", "he_normal")
start = model.get_weights()
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
losses = []
for _ in range(2):
    model.set_weights(start)
    history = kit.train(model, small, batch_size=32, epochs=1, seed=42, title="E8")
    losses.append(history["val_loss"][0])
print(f"E8  pérdida de la primera ejecución {losses[0]:.4f}, de la segunda {losses[1]:.4f}")

# %%
try:
    keras.layers.Dense(64, kernel_initializer="he")
except ValueError as error:
    print("E9 ", str(error).splitlines()[0])

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    keras.layers.Dense(64, input_shape=(784,))
print("E10", str(caught[0].message).split(". ")[0] + ".")

# %% [markdown]
# ## Preguntas frecuentes
#
# **¿Uniforme o normal?** Con la misma varianza, casi no importa. Las dos formas conservan la escala igual de bien; lo
# que cambia es la cola de la distribución. Elige una y no la cambies entre experimentos que vas a comparar.
#
# **¿Cuándo LeCun?** Con SELU, que está construida para conservar media 0 y varianza 1 si los pesos son `lecun_normal`
# (Klambauer et al., 2017). También en capas lineales, donde nada borra la mitad de la señal.
#
# **¿`BatchNormalization` la vuelve irrelevante?** La hace mucho menos delicada: normaliza cada capa y con eso corrige
# la escala. Pero no rompe la simetría: con todos los pesos iguales, las neuronas siguen siendo gemelas.
#
# **¿Y los transformers?** Suelen usar una desviación fija y confían en `LayerNormalization` y en las conexiones
# residuales. El código publicado de BERT (Devlin et al., 2019) sortea una normal truncada de 0.02 que no se reescala,
# como `TruncatedNormal(0.02)` de Keras: la desviación real es 0.0176 (sección 5).
#
# **¿Por qué `fan_in + fan_out`?** Porque la ida pide $1/n_\text{in}$ y la vuelta pide $1/n_\text{out}$, y la media
# armónica de ambas es $2/(n_\text{in}+n_\text{out})$ (sección 4).
#
# **¿Y `LeakyReLU`?** Con pendiente negativa $\alpha$ la regla es $2/\big((1+\alpha^2)\,n_\text{in}\big)$. Cuidado con
# $\alpha$ por omisión: 0.3 en la capa de Keras, 0.2 en la función de Keras y 0.01 en PyTorch.
#
# **¿PyTorch usa Glorot por omisión?** No. `nn.Linear` sortea pesos y sesgos de una uniforme en $\pm
# 1/\sqrt{n_\text{in}}$: la varianza es $1/(3\,n_\text{in})$, seis veces menor que la de He, y los sesgos no empiezan en
# cero.
#
# **¿He da mejor exactitud final?** No necesariamente. Da un entrenamiento que arranca, y que arranca antes (mira la
# tabla de la tarea).

# %%
for alpha in (0.0, 0.01, 0.2, 0.3):
    print(f"LeakyReLU, pendiente {alpha:4}: varianza {2 / (1 + alpha**2):.4f} / n_in")
layer_slope = keras.layers.LeakyReLU().negative_slope
function_slope = -float(keras.activations.leaky_relu(keras.ops.convert_to_tensor(-1.0)))
print(f"pendientes en Keras: {layer_slope} (capa), {function_slope:.1f} (función)")

he, pytorch = 2 / 784, (1 / math.sqrt(784)) ** 2 / 3  # varianza de U(±L): L² / 3
print(f"784 entradas: He {he:.6f}, PyTorch {pytorch:.6f}, cociente {he / pytorch:.1f}")

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
    return {1: "b", 2: "c", 3: "a", 4: "c", 5: "d", 6: "c", 7: "b", 8: "b"}
    # END SOLUTION


# %% [markdown]
# Guarda el cuaderno, quita el `#` y ejecuta para revisar.

# %%
# kit.check("108.cuestionario")

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
# - Glorot, X. y Bengio, Y. (2010). *Understanding the difficulty of training deep feedforward neural networks.*
#   AISTATS, PMLR 9, 249–256. <https://proceedings.mlr.press/v9/glorot10a.html>
# - He, K., Zhang, X., Ren, S. y Sun, J. (2015). *Delving Deep into Rectifiers: Surpassing Human-Level Performance on
#   ImageNet Classification.* ICCV. [arXiv:1502.01852](https://arxiv.org/abs/1502.01852)
# - LeCun, Y., Bottou, L., Orr, G. B. y Müller, K.-R. (1998). *Efficient BackProp.* En *Neural Networks: Tricks of the
#   Trade*, Springer. [doi:10.1007/3-540-49430-8_2](https://doi.org/10.1007/3-540-49430-8_2)
# - Klambauer, G., Unterthiner, T., Mayr, A. y Hochreiter, S. (2017). *Self-Normalizing Neural Networks.* NeurIPS.
#   [arXiv:1706.02515](https://arxiv.org/abs/1706.02515)
# - Devlin, J. et al. (2019). *BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding.* NAACL.
#   [arXiv:1810.04805](https://arxiv.org/abs/1810.04805)
# - Xiao, H., Rasul, K. y Vollgraf, R. (2017). *Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
#   Algorithms.* [arXiv:1708.07747](https://arxiv.org/abs/1708.07747)
# - Géron, A. (2022). *Hands-On Machine Learning with Scikit-Learn, Keras, and TensorFlow*, 3.ª ed., capítulo 11.
#   O'Reilly.
# - Documentación de Keras: [inicializadores de capas](https://keras.io/api/layers/initializers/).
#
# ---
#
# **Próxima clase: [109 – Funciones de activación y flujo del gradiente](109_activations.ipynb)**
