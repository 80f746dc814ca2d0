def compute_fans(kernel_shape):
    return int(input("¿Entradas? ")), int(input("¿Salidas? "))
