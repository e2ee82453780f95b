"""Benchmarks: timed, and so not part of the tests."""
