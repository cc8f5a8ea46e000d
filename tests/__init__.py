"""The tests: a package, so that `python -m tests.benchmarks` finds this one, not textstat's."""
