"""The autograder: `pytest grader` judges one student's work, and verdicts are computed where no student code has run.

The flow, one way, a module for each step::

    submission.py, notebook.py, slices.py   read a folder, notebook, .py or .zip as text; nothing runs
    student.py, process.py                  ask a worker process and watch its limits
        protocol.py                         both sides: one message, with limits on size, types and depth
        worker.py, instruments.py, facts.py the worker: the only place where student code runs
    check.py, checks/                       one sentence each; compare what came with what the judge computes
        expect.py, sampling.py              comparisons with messages; tolerances with a proved false-fail rate
        initializers.py, network.py         Keras' initializers and an MLP, in NumPy
        artifact.py                         the homework's file, read as a claim
    results.py                              the record of a run, as JSON
    session.py, terminal.py, plugin.py      pytest: options, progress, the table of points

Beside the flow: lesson.py (what can be graded), messages.py and catalogues.py (Spanish and English), files.py.
"""
