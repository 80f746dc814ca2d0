"""Students that answer in this process: from a dict of functions, always the same, or from a list of replies."""

from grader.judge.artifacts import Audit
from grader.judge.check import Unanswered
from grader.language.messages import T
from grader.randomness import generator_for
from grader.results import Outcome
from tests.support.values import over_the_wire


class FakeStudent:
    """Answers from a dict of callables, in this process, and passes every answer through the protocol."""

    audit = Audit()

    def __init__(self, functions, tools=None, seed=1, artifact=None):
        self.functions, self.tools, self.seed, self._artifact = functions, tools or {}, seed, artifact
        self.answers, self.file_was_read = [], False
        self._known, self.memory = {}, {}

    def call(self, function, /, *args, **kwargs):
        """What the function of this name returns; what it raises becomes Unanswered, as for a real student."""
        self.require(function)
        for option in ("cpu_seconds", "eager"):
            kwargs.pop(option, None)
        return self._answer(self.functions[function], args, kwargs)

    def require(self, function, /):
        """Unanswered if there is no function of this name."""
        if function not in self.functions:
            raise Unanswered(Outcome.NOT_RUN, T("There is no function `{function}`.", function=function))

    def tool(self, function, /, *args, **_limits):
        """What the stand-in for the instrument of this name returns."""
        return self._answer(self.tools[function], args, {})

    def start_anew(self):
        """Forgets what was kept in ``memory``, as a new worker would."""
        self.memory.clear()

    def own_tool(self, function, /, *args):
        """The same: nothing of a stand-in's runs where a student's code has run."""
        return self.tool(function, *args)

    def once(self, key, compute):
        """The first result or failure."""
        if key not in self._known:
            try:
                self._known[key] = compute(generator_for(self.seed, key)), None
            except Exception as error:
                self._known[key] = None, error
        value, failure = self._known[key]
        if failure is not None:
            raise failure
        return value

    def artifact(self):
        """The artifact's bytes."""
        self.file_was_read = True
        if self._artifact is None:
            raise Unanswered(Outcome.NOT_RUN, T("There is no function `{function}`.", function="run_homework"))
        return self._artifact

    def _answer(self, function, args, kwargs):
        try:
            value = over_the_wire(function(*args, **kwargs))
        except Exception as error:
            kinds = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"]
            raise Unanswered(Outcome.ERROR, T("{reason}", reason=error), kinds) from error
        self.answers.append(value)
        return value


class AnyStudent(FakeStudent):
    """Every function, every tool and the artifact answer the same."""

    def __init__(self, answer, artifact=b""):
        super().__init__({}, artifact=artifact)
        self.answer = answer

    def call(self, _function, /, *_args, **_kwargs):
        """The one answer."""
        return self.answer

    def require(self, _function, /):
        """Everything is there."""

    def tool(self, _function, /, *_args, **_limits):
        """The one answer."""
        return self.answer


class Replayer(FakeStudent):
    """Gives recorded answers in their order, except that ``change`` makes another one of answer number ``index``."""

    def __init__(self, answers, index, change, seed, artifact):
        super().__init__({}, seed=seed, artifact=artifact)
        self._left = [change(answer) if i == index else answer for i, answer in enumerate(answers)]

    def call(self, _function, /, *_args, **_kwargs):
        """The next answer."""
        return self._left.pop(0) if self._left else None

    def require(self, _function, /):
        """Everything is there."""

    def tool(self, _function, /, *_args, **_limits):
        """The next answer."""
        return self.call("")
