"""Five tutorials rebuilt without a hand-written gradient; ``python -m examples`` runs them all."""
