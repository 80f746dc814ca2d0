"""The same assignment graded by other tools. Run ``python -m benchmarks.peers``."""
