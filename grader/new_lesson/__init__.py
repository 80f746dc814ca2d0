"""The files of a new lesson, for maintainers: ``python -m grader.new_lesson 110_batchnorm "Título"``.

``templates/`` has them where they go in a checkout: ``KEY`` in a name stands for the lesson's key, ``<<key>>``,
``<<number>>`` and ``<<title>>`` in a text for what the command was given. What they make grades at once.
"""
