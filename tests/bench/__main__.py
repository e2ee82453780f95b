"""`make bench` (or `python -m tests.bench --help`)."""

from tests.bench.bench import main

if __name__ == "__main__":
    main()
