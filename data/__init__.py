"""The course's data sets, kept in the repository so that nothing is fetched at run time.

fashion_mnist.py    reads and verifies the files in fashion-mnist/; used by the lessons' kit and by the grader
homework.py         reads and verifies the facts in homework/; used by the lessons' kit and by the grader
quiz.py             reads and verifies the questions in quizzes/; used by the notebooks' generator and by the grader
"""
