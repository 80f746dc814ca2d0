import ast
import time
import tracemalloc
from pathlib import Path

import pytest

from grader.lesson import ROOT
from grader.submission.cells import Cell, cells_of_python, parse
from grader.submission.program import Program, effort
from grader.submission.reading import MAX_CODE_CHARACTERS, MAX_EFFORT


def program(*sources):
    """A program of one cell for each source."""
    return Program(tuple(parse(Cell(number, source)) for number, source in enumerate(sources, start=1)))


def needed(made, name):
    """What a name needs, as Python writes it."""
    return [ast.unparse(made.nodes[position].statement) for position in made.needs(name)]


@pytest.mark.parametrize(
    "body",
    [
        "model = 1\n    return model",
        "for model in []:\n        pass\n    return model",
        "with open('x') as model:\n        return model",
        "return [model for model in []]",
        "return {model: 1 for model in []}",
        "return (lambda model: model)(1)",
        "try:\n        pass\n    except Exception as model:\n        return model",
        "import model\n    return model",
        "from a import b as model\n    return model.x",
        "def model():\n        pass\n    return model()",
        "(model := 3)\n    return model",
        "def inner():\n        nonlocal model\n        model = 2\n    model = 1\n    return inner",
        "match 3:\n        case model:\n            return model",
        "def inner(model):\n        return model\n    return inner",
    ],
)
def test_a_local_name_never_pulls_in_a_training_cell(body):
    """A name that the function binds itself is not the notebook's variable of that name."""
    made = program("model = train_for_an_hour()", f"def f(x):\n    {body}")

    assert len(needed(made, "f")) == 1


@pytest.mark.parametrize("argument", ["model", "*model", "**model", "a, /, model", "*, model"])
def test_an_argument_never_pulls_in_a_training_cell(argument):
    """Arguments of every kind are locals."""
    made = program("model = train()", f"def f({argument}):\n    return model")

    assert needed(made, "f") == [f"def f({argument}):\n    return model"]


@pytest.mark.parametrize(
    "definition",
    [
        "def f():\n    return helper",
        "def f(x=helper):\n    return x",
        "def f(*, x=helper):\n    return x",
        "@helper\ndef f():\n    pass",
        "@helper.cache(3)\ndef f():\n    pass",
        "def f(x: helper):\n    pass",
        "def f() -> helper:\n    pass",
        "async def f():\n    await helper()",
        "def f():\n    return [helper for _ in range(3)]",
        "def f():\n    return [x for x in [] if helper]",
        "def f():\n    def inner():\n        return helper\n    return inner",
        "def f():\n    return lambda: helper",
        "def f():\n    class Inner(helper):\n        pass",
        "def f():\n    class Inner:\n        x = helper\n    return Inner",
        "def f():\n    global helper\n    return helper",
        "def f():\n    helper[0] = 1",
        "def f():\n    return f'{helper}'",
        "class f(helper):\n    pass",
        "class f(metaclass=helper):\n    pass",
        "class f:\n    def method(self):\n        return helper",
        "f = lambda: helper",
        "f = helper",
        "f = {'a': [helper for _ in range(2)]}",
        "f: int = helper",
        "f, g = helper",
        "f = g = helper",
        "[f, *g] = helper",
        "if helper:\n    f = 1",
        "try:\n    f = 1\nexcept helper:\n    f = 2",
    ],
)
def test_what_a_definition_reads_comes_along(definition):
    """Through bodies, defaults, decorators, annotations, classes, closures, comprehensions and plain assignments."""
    made = program("unrelated = 1", "helper = 1", definition)

    assert needed(made, "f") == ["helper = 1", ast.unparse(ast.parse(definition))]


def test_helpers_of_helpers_come_along_in_source_order():
    """The slice is closed under reading, and keeps the order of the notebook, not that of the search."""
    made = program("import math", "def f():\n    return g()", "def g():\n    return h * math.pi", "h = 2", "other = 1")

    assert needed(made, "f") == ["import math", "def f():\n    return g()", "def g():\n    return h * math.pi", "h = 2"]


def test_mutual_recursion_ends():
    """Two functions that call each other need both, once."""
    made = program("def f():\n    return g()", "def g():\n    return f()")

    assert len(needed(made, "f")) == len(needed(made, "g")) == 2


def test_statements_that_do_something_never_run():
    """Calls, prints, loops, with blocks, deletions and the main guard are left out, whatever they bind."""
    made = program(
        "print('x')",
        "for helper in range(10):\n    train()",
        "while False:\n    helper = 1",
        "with open('x') as helper:\n    pass",
        "del helper",
        "assert helper",
        "if __name__ == '__main__':\n    helper = train()",
        "def f():\n    return helper",
    )

    assert needed(made, "f") == ["def f():\n    return helper"]
    assert made.unbound("f", known=()) == ["helper"]


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("import numpy as np", "np"),
        ("import os.path", "os"),
        ("from a.b import c as d, e", "e"),
        ("try:\n    import fast as m\nexcept ImportError:\n    import slow as m", "m"),
        ("if True:\n    def g():\n        pass", "g"),
        ("try:\n    pass\nfinally:\n    z = 1", "z"),
    ],
)
def test_imports_and_guarded_statements_bind_names(statement, name):
    """An import behind `try` or `if` is found like any other."""
    made = program(statement, f"def f():\n    return {name}")

    assert needed(made, "f")[0] == ast.unparse(ast.parse(statement))


def test_a_star_import_is_part_of_every_slice():
    """Nobody can tell from outside what it binds."""
    made = program("from math import *", "def f():\n    return sqrt(2)")

    assert needed(made, "f")[0] == "from math import *"


def test_another_import_is_part_of_the_slices_that_read_it():
    """A module that is not there costs only the functions that use it."""
    made = program("from nowhere import x", "def f():\n    return 1", "def g():\n    return x")

    assert needed(made, "f") == ["def f():\n    return 1"]
    assert needed(made, "g")[0] == "from nowhere import x"


@pytest.mark.parametrize(
    "statement",
    ["g()[0] = 1", "(a or b).x = 1", "[1][0] = 2", "@g()()\ndef h():\n    pass", "@(lambda x: x)\ndef h(): 1"],
)
def test_what_has_no_name_is_changed_without_one(statement):
    """Objects that no name stands for are assigned to and decorate as well."""
    made = program(statement, "def f():\n    return 1")

    assert needed(made, "f") == ["def f():\n    return 1"]


@pytest.mark.parametrize("body", ["print(1)", "g()", "'text'.join([])", "await_me"])
def test_a_function_that_only_calls_is_written(body):
    """It does something, though it returns nothing: only a docstring and an ellipsis are a lesson's empty body."""
    assert not program(f"def f():\n    {body}").is_stub("f")


@pytest.mark.parametrize(
    "change", ["table[0] = 1", "table['a']['b'] = 1", "table.x = 1", "table += 1", "table[0] += 1"]
)
def test_what_changes_an_object_comes_with_it(change):
    """A table that is filled in later cells arrives filled."""
    made = program("table = {}", change, "def f():\n    return table")

    assert needed(made, "f") == ["table = {}", change, "def f():\n    return table"]


def test_every_definition_of_a_name_runs_so_that_the_last_one_wins():
    """As in the notebook: a cell that was copied and improved counts."""
    made = program("def f():\n    return 1", "def f():\n    return 2")

    assert needed(made, "f") == ["def f():\n    return 1", "def f():\n    return 2"]
    assert not made.is_stub("f")


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "...",
        "'''Doc.'''",
        "raise NotImplementedError",
        "raise NotImplementedError('falta')",
        "'''Doc.'''\n    # write here\n    raise NotImplementedError('falta')",
        "'''Doc.'''\n    pass",
    ],
)
def test_the_lessons_empty_functions_are_stubs(body):
    """A docstring with pass, an ellipsis or NotImplementedError is still to be written."""
    made = program(f"def f(x):\n    {body}")

    assert made.defines("f")
    assert made.is_stub("f")


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return x",
        "def f(x):\n    if x:\n        return 1\n    raise NotImplementedError",
        "def f(x):\n    raise ValueError",
        "def f():\n    raise NotImplementedError\ndef f():\n    return 1",
        "f = lambda x: x",
        "from helpers import f",
        "class f:\n    pass",
        "def other():\n    pass",
    ],
)
def test_written_functions_are_no_stubs(source):
    """One real statement is enough, and so is another way to define the name."""
    made = program(source)

    assert not made.is_stub("f")


def test_a_stub_after_the_answer_is_what_counts():
    """The last definition is the one that would run."""
    made = program("def f():\n    return 1", "def f():\n    raise NotImplementedError")

    assert made.is_stub("f")


def test_fingerprints_ignore_comments_layout_and_unrelated_cells():
    """What does not change the code does not ask for the homework to be trained again."""
    tidy = program("import math", "def f(x):\n    return math.sqrt(x)")
    loose = program("print(1)", "import math  # roots", "def f( x ):\n\n    # root\n    return math.sqrt( x )", "y = 2")

    assert tidy.fingerprint("f") == loose.fingerprint("f")


@pytest.mark.parametrize(
    "changed",
    [
        "def f(x):\n    return g(x) + 2\ndef g(x):\n    return 1",
        "def f(x):\n    return g(x) + 1\ndef g(x):\n    return 2",
    ],
)
def test_fingerprints_change_with_the_code_and_with_its_helpers(changed):
    """Another constant, in the function or in what it calls, is other code."""
    before = program("def f(x):\n    return g(x) + 1\ndef g(x):\n    return 1")

    assert before.fingerprint("f") != program(changed).fingerprint("f")


@pytest.mark.parametrize(
    "source",
    [
        "if " + "+".join(["1"] * 2000) + ":\n    x = 1",
        "def f():\n    raise ValueError(" + "+".join(["1"] * 2000) + ")",
        "def f():\n    raise NotImplementedError(" + "+".join(["1"] * 2000) + ")",
        "def f():\n    return " + "+".join(["1"] * 2000),
        "x = " + "a" + ".a" * 2000,
        "x" + "[0]" * 2000 + " = 1",
        "def f():\n" + "".join(f"{'  ' * depth}if x:\n" for depth in range(1, 90)) + "  " * 90 + "pass",
    ],
    ids=["if", "raise", "stub", "return", "attributes", "subscripts", "blocks"],
)
def test_long_expressions_do_not_make_the_analysis_fall_over(source):
    """An expression of two thousand terms may be left out; it takes neither the judge nor the other functions along."""
    made = program(source, "def g():\n    return 1")

    asked = [made.defines("f"), made.is_stub("f"), made.needs("f"), made.fingerprint("f"), made.unbound("f", ())]

    assert len(asked) == 5
    assert needed(made, "g") == ["def g():\n    return 1"]


def test_names_that_surrogates_hide_in_have_fingerprints():
    """A string with half a character, as notebooks can hold, is hashed like any other."""
    made = program('def f():\n    return "\\ud83d"')

    assert len(made.fingerprint("f")) == 64


@pytest.mark.parametrize("path", sorted((ROOT / "solutions").glob("[0-9]*.py")), ids=lambda path: path.stem)
def test_every_definition_of_the_solutions_can_run(path: Path):
    """The analysis loses no function, import or assignment of a real lesson, and leaves no name unbound."""
    made = Program(tuple(parse(cell) for cell in cells_of_python(path.read_bytes())))
    defined = [s.name for cell in made.cells for s in cell.body if isinstance(s, ast.FunctionDef)]
    kinds = (ast.FunctionDef, ast.Import, ast.ImportFrom, ast.Assign)

    assert defined
    assert len(made.nodes) >= sum(isinstance(s, kinds) for cell in made.cells for s in cell.body)
    assert {name: made.unbound(name, known=dir(__builtins__) + list(__builtins__)) for name in defined} == {
        name: [] for name in defined
    }


def test_a_long_chain_of_names_is_followed_once():
    """What a name needs is found in one pass, however many names lead to one another."""
    links = 6000
    made = program("\n".join(f"a{i} = a{i + 1}" for i in range(links)))
    positions = len(made.nodes)
    began = time.process_time()

    found = [len(made.needs("a0")) for _ in range(100)]

    assert found == [positions] * 100 == [links] * 100
    assert time.process_time() - began < 1


def test_many_decorators_that_read_many_variables_are_followed_once():
    """What decorators may keep takes room and time by the names there are, not by their product."""
    names = [f"a{i}" for i in range(4000)]
    made = program("=".join(names) + f" = [{', '.join(names)}]\n" + "".join(f"@{n}\n" for n in names) + "def f(): pass")
    tracemalloc.start()
    began = time.process_time()

    found, seconds = made.needs("a7"), time.process_time() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert found == [0, 1]
    assert seconds < 2
    assert peak < 50 * 2**20


def test_a_chain_as_long_as_the_parser_takes_has_a_fingerprint():
    """Five hundred branches are deeper than Python's dump of a tree goes; that is no fault of the grader."""
    made = program("if a: x = 1\n" + "elif a: x = 1\n" * 500, "def f():\n    return x")

    assert len(made.fingerprint("f")) == 64
    assert len(made.needs("f")) == 2


@pytest.mark.parametrize(
    ("much", "little"),
    [
        ("a = (" + "b, " * 50_000 + ")", "a = (" + "b, " * 300 + ")"),
        ("a = b\n" * 20_000, "a = b\n" * 150),
        ("class A:\n" + " def f(): 0\n" * 1500, "class A:\n" + " def f(): 0\n" * 50),
        ("def f():\n " + "a = " * 8000 + "0\n " + "lambda: 0; " * 500, "def f():\n " + "a = " * 80 + "lambda: 0"),
    ],
)
def test_the_effort_of_a_program_is_known_before_it_is_made(much, little):
    """Many statements, one long one, and many scopes beside many names are all told from a lesson's."""
    efforts = [sum(effort(statement) for statement in parse(Cell(1, source)).body) for source in (much, little)]

    assert efforts[0] > MAX_EFFORT
    assert efforts[1] < MAX_EFFORT / 20


@pytest.mark.parametrize("lesson", sorted((ROOT / "solutions").glob("1*.py")), ids=lambda path: path.stem)
def test_a_solved_lesson_is_far_from_the_limit(lesson):
    """Five solved lessons fit into one submission."""
    cells = [parse(cell) for cell in cells_of_python(lesson.read_bytes())]

    assert sum(effort(statement) for cell in cells for statement in cell.body) < MAX_EFFORT / 5
    assert sum(len(cell.source) for cell in cells) < MAX_CODE_CHARACTERS / 4


@pytest.mark.parametrize(
    ("function", "registered"),
    [
        ("area = singledispatch(lambda shape: 0)", "@area.register\ndef _(shape: int):\n    return side"),
        ("def area(x):\n    return x", "@area.register(int)\nclass Square:\n    def f(self): return side"),
        (
            "area = {}\ndef shape(name):\n    return lambda f: area.setdefault(name, f)",
            "@shape('a')\ndef a(): return side",
        ),
    ],
)
def test_a_definition_belongs_to_what_its_decorator_keeps_it_in(function, registered):
    """A registered function is there when the registry is, with all that it needs."""
    made = program("from functools import singledispatch", "side = 2", function, registered, "other = 1")

    found = "\n".join(needed(made, "area"))

    assert "side = 2" in found
    assert found.count("@") == 1
    assert "other" not in found


def test_a_decorator_of_a_library_ties_nothing_together():
    """What tf.function decorates is no part of all that uses TensorFlow."""
    made = program(
        "import tensorflow as tf", "model = train()", "@tf.function\ndef g():\n    return model", "def f(): tf.abs"
    )

    assert needed(made, "f") == ["import tensorflow as tf", "def f():\n    tf.abs"]


def test_a_registered_function_is_no_definition_of_the_registry():
    """Whether a function is written does not hang on what is registered with it."""
    made = program("def f(x):\n    return 1", "@f.register\ndef _(x: int):\n    pass")

    assert not made.is_stub("f")


@pytest.mark.parametrize("kept", ["from keras import layers", "def layers():\n    pass", "layers = lambda: 1"])
def test_a_lesson_may_use_the_name_of_an_import_again_after_the_function(kept):
    """What a function finds imported or defined is not replaced by a value that a later cell computes."""
    made = program(kept, "def f():\n    return layers.Dense(1)", "layers = (1, 2, 5)")

    assert needed(made, "f") == [kept, "def f():\n    return layers.Dense(1)"]


@pytest.mark.parametrize(
    "later", ["def size():\n    return 2", "size = lambda: 2", "size = wrapped(size)", "from kit import size"]
)
def test_a_helper_that_is_corrected_after_the_function_counts(later):
    """Of a helper's definitions the last one wins, wherever it stands."""
    made = program("def size():\n    return 1", "def f():\n    return size()", later)

    assert needed(made, "f")[-1] == later


def test_a_value_before_the_function_replaces_an_import():
    """As it does in the notebook."""
    made = program("from keras import layers", "layers = (1, 2)", "def f():\n    return layers")

    assert len(needed(made, "f")) == 3


def test_a_value_that_is_given_after_the_function_counts():
    """Constants may stand below."""
    made = program("RATE = 1", "def f():\n    return RATE", "RATE = 2")

    assert needed(made, "f")[-1] == "RATE = 2"
