"""What tests of several rooms share: stand-ins, sample submissions, files, processes."""
