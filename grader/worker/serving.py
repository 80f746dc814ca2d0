"""The worker: the only process in which student code runs. Started as ``python -P -m grader.worker.serving``.

In:   frames on standard input: one ``Load``, then ``Call`` messages (grader.wire).
Out:  frames on what standard output was at the start: ``Ready``, then one ``Returned`` or ``Raised`` for each call.

Student code finds an empty standard input, and what it prints goes to standard error, which the judge reads and
never trusts. Nothing here decides about points.
"""

from __future__ import annotations
import __future__

import ast
import importlib
import linecache
import os
import platform
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, BinaryIO

from grader.wire import coding, protocol, values
from grader.wire.protocol import Call, Load, Message, Raised, Ready, Returned
from grader.wire.values import Handle, Images, Sizes
from grader.worker import tools
from grader.worker.describing import describe
from grader.worker.raising import file_name, raised

MODULE = "entrega"


def main() -> None:
    """Serve the judge that started this process."""
    _end_with_parent()
    serve([])


def serve(layers: list[str]) -> None:
    """Answer one judge until it closes the connection. ``layers`` isolate this process already."""
    requests, replies = _take_streams()
    protocol.send(replies, protocol.encode(Ready(preload(), layers)))
    notebook = StudentModule()
    while True:
        try:
            message = protocol.decode(protocol.receive(requests, protocol.MAX_REQUEST_BYTES))
        except protocol.ConnectionLost:
            return
        if isinstance(message, Load):
            notebook.load(message.cells)
        elif isinstance(message, Call):
            protocol.send(replies, _encode(notebook.call(message), message.ticket))


class StudentModule:
    """The student's module: statements run when the first call needs them, each at most once."""

    def __init__(self) -> None:
        self.module = types.ModuleType(MODULE)
        self.sources: list[protocol.CellSource] = []
        self.cells: list[list[ast.stmt]] = []
        self.done: dict[tuple[int, int], Raised | None] = {}
        self.kept: list[Any] = []
        self.flags = 0
        self.module.__dict__["display"] = lambda *_, **__: None  # in notebooks without an import

    def load(self, cells: Sequence[protocol.CellSource]) -> None:
        """Take the cells' sources."""
        sys.modules[MODULE] = self.module
        self.cells = [ast.parse(cell.source).body for cell in cells]
        self.sources = list(cells)
        self.flags = _future_flags(statement for cell in self.cells for statement in cell)

    def call(self, call: Call) -> Message:
        """Run what is missing of the slice, then the function."""
        for cell, index in call.needs:
            failed = self._run(cell, index, call.ticket)
            if failed is not None:
                return failed
        try:
            function = getattr(tools if call.tool else self.module, call.function)
            args = [self._receive(argument) for argument in call.args]
            kwargs = {name: self._receive(argument) for name, argument in call.kwargs.items()}
            result = run(function, args, kwargs, call.eager)
        except BaseException as error:
            return raised(call.ticket, error)
        return Returned(call.ticket, self._told(result))

    def _told(self, result: Any) -> Any:
        """The result as it travels. The function has answered: what cannot be told of it is not its failure."""
        try:
            return coding.to_wire(describe(result, self._keep))
        except Exception:
            return coding.to_wire(values.Opaque(type(result).__name__))

    def _run(self, cell: int, index: int, ticket: str) -> Raised | None:
        if (cell, index) not in self.done:
            self.done[cell, index] = None
            try:
                self._show_source(cell)
                statement = ast.increment_lineno(self.cells[cell][index], self.sources[cell].line - 1)
                module = ast.Module([statement], type_ignores=[])
                code = compile(module, file_name(cell), "exec", self.flags, dont_inherit=True)
                exec(code, self.module.__dict__)  # noqa: S102 - the purpose of this process
            except BaseException as error:
                self.done[cell, index] = raised(ticket, error, loading=True)
        failed = self.done[cell, index]
        return None if failed is None else protocol.with_ticket(failed, ticket)

    def _show_source(self, cell: int) -> None:
        """Let tracebacks, ``inspect.getsource`` and TensorFlow's AutoGraph find the cell's text under its name."""
        source, name = self.sources[cell], file_name(cell)
        lines = ["\n"] * (source.line - 1) + source.source.splitlines(keepends=True)
        linecache.cache[name] = (len(source.source), None, lines, name)

    def _keep(self, value: Any) -> int:
        self.kept.append(value)
        return len(self.kept) - 1

    def _receive(self, value: Any) -> Any:
        """Turn a request's facts into objects: a handle into the kept object, images into a data set, sizes a tuple."""
        if isinstance(value, Handle):
            return self.kept[value.handle]
        if isinstance(value, values.FunctionName):
            return getattr(self.module, value.name)
        if isinstance(value, Images):
            return _data_set(value)
        if isinstance(value, Sizes):
            return tuple(value.items)
        if isinstance(value, list):
            return [self._receive(item) for item in value]
        if isinstance(value, dict):
            return {key: self._receive(item) for key, item in value.items()}
        return value.copy() if hasattr(value, "setflags") else value  # arrays from a message are read-only


def run(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], eager: bool) -> Any:
    """The function's value. An ``eager`` call runs step by step what TensorFlow would compile.

    That is half the cost of a training of a few steps. What the function raises goes through untouched: a context
    manager made of a generator would write to the exception.
    """
    if not eager:
        return function(*args, **kwargs)
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Even though the `tf.config")  # data pipelines stay compiled
            return function(*args, **kwargs)
    finally:
        tf.config.run_functions_eagerly(False)


def _future_flags(statements: Iterable[ast.stmt]) -> int:
    """What ``from __future__ import …`` asks of the compiler, for all statements as in a notebook."""
    imports = [each for each in statements if isinstance(each, ast.ImportFrom) and each.module == "__future__"]
    names = {alias.name for each in imports for alias in each.names} & set(__future__.all_feature_names)
    return sum(getattr(__future__, name).compiler_flag for name in names)


def _data_set(images: Images) -> Any:
    kit = sys.modules["kit"]
    return kit.Dataset(*(array.copy() for array in images.arrays))


def _encode(message: Message, ticket: str) -> bytes:
    try:
        payload = protocol.encode(message)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        return protocol.encode(raised(ticket, error))
    if len(payload) <= protocol.MAX_REPLY_BYTES:
        return payload
    size = f"{len(payload)} bytes"
    return protocol.encode(Raised(ticket, protocol.REPLY_TOO_LARGE, size, []))


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Move the connection to private descriptors, so that a print or an input() does not end up in it."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return requests, replies


def _end_with_parent() -> None:
    """A judge that was killed must not leave a worker behind that spins in student code."""
    if sys.platform == "linux":
        from grader.isolation import sandbox

        sandbox.die_with_parent()  # also where native code never lets the thread below run
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    if sys.platform != "win32":  # there the pipe's end is all there is to see
        threading.Thread(target=watch, daemon=True).start()


def preload() -> dict[str, str]:
    """Import all that lessons use, so that the time it takes is never a student's."""
    names = ("numpy", "keras", "tensorflow", "matplotlib", "kit")
    modules = {name: importlib.import_module(name) for name in names}
    importlib.import_module("matplotlib.pyplot")
    found = {name: str(module.__version__) for name, module in modules.items() if hasattr(module, "__version__")}
    return {"python": platform.python_version(), **found}


if __name__ == "__main__":
    main()
