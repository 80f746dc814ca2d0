"""The autograder: verdicts are computed where no student code has run.

The flow, one way, a module for each step::

    entries.py, work.py                                 choose the files of each lesson in a folder, file or zip
    submission.py, notebook.py, slices.py               read them as text; nothing runs
        open_questions.py                               the answers that an instructor will mark
    student.py, process.py, limits.py, explain.py       ask a worker process, watch its limits, say what went wrong
        protocol.py, wire.py, values.py                 both sides: one message, with limits on size, types and depth
        worker.py, instruments.py                       the worker: the only place where student code runs
        facts.py, pictures.py                           what it tells of models and figures
        cold.py                                         starts one from nothing (self-check, any system)
        warm.py, zygote.py                              forks one from a process that imported TensorFlow (Linux)
        isolation.py, sandbox.py                        what a forked worker gives up before it reads a request
    check.py, checks/                                   one sentence each: compares what came with the judge's own
        expect.py, curves.py, sampling.py               comparisons with messages; tolerances with a proved bound
        initializers.py, activations.py, network.py     Keras' initializers, activations and an MLP, in NumPy
        losses.py, training.py, signal.py               losses, small trainings, a signal through many layers
        images.py                                       real images for small trainings, drawn anew for each run
        propagation.py, clouds.py                       gradients and data sets of lesson 109, in NumPy
        artifact.py                                     the homework's file, read as a claim
        quiz.py                                         a check for each question of data/quizzes/
    results.py, exhibits.py                             the record of a run, as JSON; the student's plots as numbers

Two ways to run it::

    plugin.py, session.py, terminal.py      `pytest grader`: one student, a table of points
    command_line.py, console.py, batch.py   `python -m grader batch`: a class
        rows.py, gradebook.py               a row for each work; with its results
        lms.py, lms_names.py, layouts.py    whose work is what in a folder as the LMS packed it
        listing.py, submitters.py, unpack.py  the files below it, Gradescope's people, a class's zip
        pool.py, slot.py, cluster.py        job slots: local processes or Dask workers; grade.py grades one work in them
        journal.py, record.py               what is finished, on disk; a row of the class
        marks.py, marks_table.py            the instructor's marks for open questions, read and merged
        reports/, exports/                  pages for people; CSV and gradebooks for the LMS, Gradescope's autograder

Beside the flow: lesson.py (what can be graded), messages.py and catalogues.py (Spanish and English), reasons.py (why
the system refused), plain.py (Markdown as text), cells.py (of tables), files.py, scratch.py (where student code wrote).
"""
