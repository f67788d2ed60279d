"""Side-by-side measurements of `autograd_np` and `nn` against their peers.

Run from the repository root, on an otherwise idle machine::

    python -m tests.benchmarks                      # everything
    python -m tests.benchmarks steps --network 4-6-10-8-3 --dtype float32
    python -m tests.benchmarks steps growth --draw  # the pictures of the README
    python -m tests.benchmarks first epochs memory  # of compiled steps above all
    python -m tests.benchmarks chain import anomaly
    python -m tests.benchmarks functions --family "linear algebra" --worst 20
    python -m tests.benchmarks --against ../another-checkout    # this commit and that one

Nothing here is collected by pytest. Peers that are not installed are left out, and a line says so.
"""
