"""Programs that differentiate what holds derivatives itself; see `models`.

They are given NumPy and the library whose `grad`, `jacobian` and the like they call.
"""

from itertools import pairwise

import numpy


def _network(seed, sizes):
    rng = numpy.random.default_rng(seed)
    return [(rng.normal(size=(m, n)), rng.normal(size=n)) for m, n in pairwise(sizes)]


def _predict(np, layers, x):
    for weights, bias in layers[:-1]:
        x = np.tanh(np.dot(x, weights) + bias)
    weights, bias = layers[-1]
    return np.dot(x, weights) + bias


def informed_by_physics(np, library):
    """A network that is to solve u'' + u u' = sin x."""
    points = numpy.linspace(0, 1, 6)[:, None]

    def u(x, layers):
        return _predict(np, layers, x)

    slope = library.elementwise_grad(u)
    curvature = library.elementwise_grad(slope)

    def loss(layers):
        left = curvature(points, layers) + u(points, layers) * slope(points, layers)
        return np.mean((left - np.sin(points)) ** 2)

    return loss, (_network(0, [1, 4, 1]),)


def learning_to_learn(np, library):
    """The loss after two steps of descent, as a function of where they started."""
    x = numpy.random.default_rng(1).normal(size=(8, 1))
    y = numpy.sin(x)

    def error(layers, x, y):
        return np.mean((_predict(np, layers, x) - y) ** 2)

    def loss(layers):
        for _ in range(2):
            gradients = library.grad(error)(layers, x[:4], y[:4])
            layers = [
                (weights - 0.1 * dw, bias - 0.1 * db)
                for (weights, bias), (dw, db) in zip(layers, gradients, strict=True)
            ]
        return error(layers, x[4:], y[4:])

    return loss, (_network(2, [1, 3, 1]),)


def lagrangian(np, library):
    """The acceleration that a learned Lagrangian implies: L_vv a = L_q - L_vq v."""
    place, speed = numpy.array([0.3, 0.5]), numpy.array([0.1, -0.4])
    rng = numpy.random.default_rng(3)
    heights = rng.normal(size=4)

    def energy(q, v, weights):
        hidden = np.log(1 + np.exp(np.dot(np.concatenate([q, v]), weights)))
        return np.dot(hidden, heights) + 0.5 * np.dot(v, v)

    def loss(weights):
        mass = library.hessian(energy, 1)(place, speed, weights)
        force = library.grad(energy, 0)(place, speed, weights)
        mixed = library.jacobian(library.grad(energy, 1), 0)(place, speed, weights)
        acceleration = np.linalg.solve(mass, force - np.dot(mixed, speed))
        return np.sum(acceleration**2)

    return loss, (0.5 * rng.normal(size=(4, 4)),)


def sensitivity(np, library):
    """How strongly the end of a linear system depends on its matrix."""

    def end(matrix):
        state = np.array([1.0, 0.5])
        for _ in range(5):
            state = state + 0.2 * np.dot(matrix, state)
        return state

    def loss(matrix):
        return np.sum(library.jacobian(end)(matrix) ** 2)

    return loss, (numpy.array([[0.1, -0.3], [0.4, 0.2]]),)


NESTED = (informed_by_physics, learning_to_learn, lagrangian, sensitivity)
