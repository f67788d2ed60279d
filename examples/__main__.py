"""``python -m examples [--full] [--output DIR] [--only NUMBER]``: all five articles."""

from examples import (
    article_000_mnist,
    article_001_random_regression,
    article_002_sum_difference_distance,
    article_003_two_moons,
    article_004_iris,
)
from examples.command import run

ARTICLES = {
    module.NAME: module.main
    for module in (
        article_000_mnist,
        article_001_random_regression,
        article_002_sum_difference_distance,
        article_003_two_moons,
        article_004_iris,
    )
}

if __name__ == "__main__":
    run(ARTICLES)
