"""``python -m grader.isolation`` prints the layers in force on this machine, and why the others are missing."""

from grader.isolation.layering import main

main()
