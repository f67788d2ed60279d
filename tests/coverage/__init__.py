"""Which functions are differentiated, by us and by others, and the page that says so.

``python -m tests.coverage`` counts for every library that is installed (extra `bench`; JAX takes
some minutes) and writes ``tests/coverage/counts.json``; ``python -m tests.coverage page`` writes
``docs/coverage.md`` from the catalogue and those counts.
"""
