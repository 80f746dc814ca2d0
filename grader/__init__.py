"""The autograder: verdicts are computed where no student code has run.

A room is a package or a module of this folder. It imports itself, the lessons' ``data`` and lower floors, and nothing
else of the project; tests/test_structure.py reads this table and holds every import to it::

    9   __main__        `python -m grader`
    8   command_line    its commands: options, sentences, exit codes
        new_lesson      the files of a new lesson, for maintainers
    7   self_check      `pytest grader`: one student, a table of points
        batch           a class: rows, the slots that grade them, the journal of what is finished
        exports         grades for spreadsheets and the LMS, and Gradescope's autograder
    6   grade           every check of one submission, from beginning to end
        marks           the instructor's marks for open questions: the table, read and merged
        reports         pages for people: the class, and each student
    5   checks          what is asked of each lesson, with the mathematics of that lesson only
        student         the judge's side of a worker: asks, watches limits, says what went wrong
        graded          a graded row of the class
    4   submission      a student's files, chosen and read as text; nothing runs
        worker          STUDENT CODE RUNS HERE, and only here Keras, TensorFlow and the kit are imported
        judge           what a check is, and what checks compare with
        lms             whose work is what in a folder as the LMS packed it
    3   faults          what goes wrong on the grader's side, and costs nobody a point
        exercises       what the parts of a lesson are called
        handed_file     a file that somebody handed in, and why there is nothing to grade
        keyed_folder    a folder with a file for each submission
    2   language        texts and their translations, what of a text is visible, reasons of the system
        results         the record of a run, as objects and as JSON
        wire            messages between judge and worker, and what travels in them
        mathematics     initializers, networks, losses, trainings, tolerances: NumPy and nothing else
        isolation       what student code runs in: layers, environment, scratch folder
    1   deciding        what decides a grade beside the work, and its hash
        lesson          the lessons that can be graded
        limits          what a work and a call may use, as numbers
        files           files that are written whole or not at all
        names           names from outside as file systems take them
        arrays          what an array is
        randomness      seeds and generators

Data flows one way: submission → worker → facts → checks → results → reports. docs/design.md says more.
"""
