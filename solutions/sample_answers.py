"""What the students of the sample class answer: wrong letters of the quiz, and some of the open questions.

A letter of None leaves the question out. Whoever is not here answers the whole quiz rightly and no open question.
"""

LETTERS: dict[str, dict[int, str | None]] = {
    "Luis Gómez": {3: "c"},
    "Camila Vargas": {3: "c"},
    "Marta Díaz": {1: "d", 2: "b"},
    "José Núñez": {1: "c", 3: "d"},
    "Lucía Fernández": {7: "a"},
    "Sofía Castro": {4: "a", 5: "b", 6: None, 7: None, 8: None},
    "Diego Torres": {6: "b", 8: "a"},
    "Valentina Rojas": {3: "c", 5: None},
    "Mateo Silva": {2: "b", 8: "c"},
    "Isabel Herrera": {5: "a"},
    "Renata Flores": {3: "b", 8: "a"},
    "Tomás Ortega": {1: "a", 4: "d", 6: "d"},
}

ANSWERS: dict[str, dict[int, str]] = {
    "Ana Pérez": {
        1: "Que le creo: Adam reescala los gradientes de cada capa. Pero con Glorot cada capa ReLU deja la "
        "mitad de $\\mathbb{E}[h^2]$, así que en 40 capas la señal baja hasta $2^{-40}$. Mediría:\n\n- la "
        "desviación estándar de las activaciones por capa,\n- la norma del gradiente de la primera capa "
        "frente a la de la última,\n- y la misma curva de pérdida con `he_normal`.",
        2: "Que la escala de la salida depende sobre todo del sorteo de esas 8 neuronas: la varianza relativa "
        "de esa capa es $5/8$, y promediar más capas anchas no la reduce.",
        3: "Estandarizar: no depende de la capa y deja los gradientes de la primera capa centrados. Cambiar "
        "la varianza de la primera capa arregla la escala, pero no la media de 0.286.",
        4: "Con la misma semilla se comparan los mismos números reescalados y el mismo orden de los lotes, y "
        "la diferencia tiene menos ruido. Una sola semilla es una sola muestra: no dice cuánto varía la "
        "diferencia.",
        5: "Fijaría la red, los datos, los lotes y las semillas; entrenaría cada una hasta que la pérdida de "
        "validación deje de bajar, y compararía cuántas épocas tarda y a qué valor llega.",
    },
    "Luis Gómez": {
        1: "Que tuvo suerte con Adam. Mediría los gradientes de las primeras capas.",
        4: "Para que la comparación sea justa. Una sola puede salir bien por azar.",
    },
    "Camila Vargas": {
        1: "Que tuvo suerte con Adam. Mediría los gradientes de las primeras capas.",
        4: "Para que la comparación sea justa. Una sola puede salir bien por azar.",
    },
    "Marta Díaz": {
        2: "Que con n = 8 la varianza de la salida cambia mucho de un sorteo a otro, si 8 < 64 <= 256.",
        5: "Cambiaría solo el inicializador.",
    },
    "Sofía Castro": {
        1: "No sé.",
    },
    "Isabel Herrera": {
        1: "Con Adam el tamaño del paso no depende de la escala del gradiente, por eso funciona. Compararía "
        "la pérdida de las primeras épocas con He.",
        3: "Estandarizar, porque sirve para cualquier capa y cualquier inicializador.",
        5: "Dejaría fijos los datos, la red y el optimizador. Cambiaría el inicializador y el número de "
        "épocas: 20 y 200.",
    },
    "Renata Flores": {
        4: "Porque así los dos parten de lo mismo.",
    },
}
