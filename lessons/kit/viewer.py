"""A slider under a figure, for looking through many examples one by one."""

from collections.abc import Callable
from importlib.util import find_spec

from matplotlib.figure import Figure

from .progress import in_notebook

Draw = Callable[[int], Figure]


def slide(draw: Draw, count: int, start: int = 0) -> None:
    """Show ``draw(index)`` with a slider that chooses the index, or ``draw(start)`` alone where there is no slider.

    A slider needs a notebook and the package ``ipywidgets`` (Colab has it, and so has the classic Jupyter bundle).

    Args:
        draw: makes the figure of one example.
        count: number of examples; the index goes from 0 to ``count`` − 1.
        start: the example that is shown first.

    Raises:
        ValueError: if there is no example ``start``.

    """
    if not 0 <= start < count:
        raise ValueError(f"start debe estar entre 0 y {count - 1}; llegó {start}.")
    if in_notebook() and find_spec("ipywidgets") is not None:
        _show_slider(draw, count, start)
        return
    draw(start)
    print(f"Ejemplo {start} de 0 a {count - 1}. Sin control deslizante: cambia el número de start para ver otro.")


def _show_slider(draw: Draw, count: int, start: int) -> None:
    import ipywidgets

    def show(index: int) -> None:
        draw(index)  # not returned: the notebook already shows the figure that was drawn, and would show it twice

    slider = ipywidgets.IntSlider(start, 0, count - 1, description="ejemplo", continuous_update=False)
    ipywidgets.interact(show, index=slider)
