"""What is not collected: programs that need the peers of the `bench` extra."""

collect_ignore_glob = ["benchmarks/*", "nn/make_*.py", "oracles/by_*.py"]
