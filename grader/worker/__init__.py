"""The process in which student code runs: the only package that imports Keras, TensorFlow and the lessons' kit."""
