"""A number that a check knows stands once: messages are given it, and sentences repeat what the constants hold."""

import ast
import dataclasses
import importlib
import re
from io import BytesIO

import msgspec
import pytest
from babel.messages.pofile import read_po

from benchmarks.structure import Tree
from grader.checks.lesson_108_initialization import compared
from grader.checks.lesson_108_initialization.homework_file.protocol import PROTOCOL
from grader.grade import checks_of
from grader.language.messages import DOMAINS, LOCALE
from grader.lesson import all_lessons

TREE = Tree()
MODULES = sorted(name for name, module in TREE.modules.items() if module.room == "checks" and name.count(".") >= 3)
CHECKS = [check for lesson in all_lessons() for check in checks_of(lesson) if check.exercise != "quiz"]
NUMBER = re.compile(r"(?<![\w.{])\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?![\w}])")
WORDS = {"three": 3, "four": 4, "five": 5, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15}
SMALL = {0, 1, 2}  # zeros and ones, both axes, halves and squares
MATHEMATICS = {  # what is no choice of a check: formulas, bases, the name of a library
    *("limit²/3", "√3", "√(3·variance)", "a²/3", "1/(9·fan_in)", "base 10", "Keras 3"),
}

PHRASES = {
    "random_normal_stalls": f"RandomNormal({compared.STDDEV:g}) stays at ln {compared.CLASSES} ",
    "training_protocol": f"SGD({PROTOCOL.learning_rate:g}) and batches of {PROTOCOL.batch_size}.",
    "drawn_epochs": f"SGD({PROTOCOL.learning_rate:g}) and batches of {PROTOCOL.batch_size}, ",
    "homework_is_complete": f"their {PROTOCOL.epochs} epochs,",
    "norms_after_training": f"by a factor of {PROTOCOL.max_norm_ratio:g} at most.",
    "he_beats_glorot": f"After {PROTOCOL.epochs} epochs the best He is at least {PROTOCOL.min_gap:g} percentage ",
}


def numbers_in(text, words=False):
    """The numbers in a text, in digits and if asked for in words, without the small ones."""
    digits = [float(found.replace(",", "")) for found in NUMBER.findall(text)]
    named = [WORDS[word] for word in re.findall(r"\w+", text) if words and word in WORDS]
    return {number for number in (*digits, *named) if number not in SMALL}


def held_by(value):
    """The numbers in a constant: itself, its size, its parts, at any depth."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield abs(float(value))
    elif isinstance(value, msgspec.Struct):
        yield from held_by(msgspec.structs.asdict(value))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from held_by(vars(value))
    elif isinstance(value, (tuple, list, dict)):
        yield float(len(value))
        for part in value.values() if isinstance(value, dict) else value:
            yield from held_by(part)


def constants_of(name):
    """The numbers in the constants of a module and of the lesson's modules that it imports."""
    module = TREE.modules[name]
    near = [other for other in TREE.arrows(module) if other.rpartition(".")[0] == name.rpartition(".")[0]]
    spaces = [vars(importlib.import_module(each)) for each in (name, *near)]
    return {number for space in spaces for key, value in space.items() if key.isupper() for number in held_by(value)}


def templates_of(name):
    """The templates of a module's messages."""
    calls = [node for node in ast.walk(ast.parse(TREE.modules[name].source)) if isinstance(node, ast.Call)]
    return [ast.literal_eval(call.args[0]) for call in calls if ast.unparse(call.func) == "T"]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.function.__module__.split('.')[2]}:{check.name}")
def test_the_numbers_of_a_sentence_are_those_of_its_check(check):
    """A sentence cannot be given values, because it is translated as it is written."""
    assert numbers_in(check.sentence, words=True) <= constants_of(check.function.__module__)


@pytest.mark.parametrize("name", MODULES)
def test_a_message_is_given_its_numbers(name):
    """None but formulas write numbers out."""
    for template in templates_of(name):
        rest = template
        for phrase in MATHEMATICS:
            rest = rest.replace(phrase, "")
        assert numbers_in(rest) == set(), template


@pytest.mark.parametrize("name", MODULES)
def test_the_numbers_of_a_docstring_are_those_of_its_module(name):
    """Those of functions and classes, which say what the constants make of a value."""
    nodes = [node for node in ast.walk(ast.parse(TREE.modules[name].source)) if hasattr(node, "body")]
    docstrings = [ast.get_docstring(node) or "" for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]

    for docstring in docstrings:
        rest = docstring.replace("right to 1e-5", "")  # the error of a grid, which nothing holds
        assert numbers_in(rest) <= constants_of(name), docstring


@pytest.mark.parametrize(("check", "phrase"), PHRASES.items())
def test_a_sentence_has_the_number_of_the_right_constant(check, phrase):
    """Where a module has the same number for two purposes, so that finding it among the constants says little."""
    (sentence,) = [each.sentence for each in CHECKS if each.name == check]

    assert phrase in sentence


def test_formulas_are_excused_only_where_they_are():
    """No phrase of the list is out of use."""
    templates = "\n".join(template for name in MODULES for template in templates_of(name))

    assert [phrase for phrase in MATHEMATICS if phrase not in templates] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_translation_has_the_numbers_of_its_original(domain):
    """In digits, those of sentences and of messages."""
    catalogue = read_po(BytesIO((LOCALE / "es" / "LC_MESSAGES" / f"{domain}.po").read_bytes()))

    translated = [message for message in catalogue if message.id]
    assert [message.id for message in translated if numbers_in(message.id) != numbers_in(message.string)] == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("SGD(0.001) and batches of 256, of 5,000 images", {0.001, 256, 5000}),
        ("Conv2D, x_val2, {n10}, 0 and 1", set()),
        ("up to 1e-5, ±1000, −32", {1e-5, 1000, 32}),
        ("fifteen layers", {15}),
    ],
)
def test_numbers_are_found(text, numbers):
    """Alone, in brackets, with a sign, a comma or an exponent, in words; not inside names."""
    assert numbers_in(text, words=True) == numbers
