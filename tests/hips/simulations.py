"""Simulations and complex numbers as programs for HIPS autograd have them; see `models`."""

import numpy


def rosenbrock(np, logsumexp):
    rng = numpy.random.default_rng(1)

    def loss(x):
        return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    return loss, (rng.normal(size=5),)


def pendulum(np, logsumexp):
    """A pendulum with friction by Runge and Kutta's method; what it was started with is fitted."""
    seen = numpy.cos(numpy.linspace(0, 3, 20))

    def change(state, params):
        angle, speed = state
        return np.concatenate(
            [np.atleast_1d(speed), -params[:1] * np.sin(angle) - params[1] * speed]
        )

    def step(state, params, dt):
        k1 = change(state, params)
        k2 = change(state + dt / 2 * k1, params)
        k3 = change(state + dt / 2 * k2, params)
        k4 = change(state + dt * k3, params)
        return state + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)

    def loss(state, params):
        path = []
        for _ in seen:
            path.append(state[0])
            state = step(state, params, 3 / 19)
        return np.sum((np.stack(path) - seen) ** 2)

    return loss, (numpy.array([1.1, 0.0]), numpy.array([1.0, 0.1]))


def hidden_markov(np, logsumexp):
    """The likelihood of a sequence under a hidden Markov model, by the forward algorithm."""
    rng = numpy.random.default_rng(1)
    symbols = rng.integers(4, size=25)

    def normalised(logits):
        return logits - logsumexp(logits, axis=-1, keepdims=True)

    def loss(start, change, emit):
        change, emit = normalised(change), normalised(emit)
        alpha = normalised(start) + emit[:, symbols[0]]
        for symbol in symbols[1:]:
            alpha = logsumexp(alpha[:, None] + change, axis=0) + emit[:, symbol]
        return -logsumexp(alpha)

    return loss, (rng.normal(size=3), rng.normal(size=(3, 3)), rng.normal(size=(3, 4)))


def kalman(np, logsumexp):
    """The likelihood of a path under a linear model with noise, by Kalman's filter."""
    rng = numpy.random.default_rng(1)
    path = numpy.cumsum(rng.normal(size=(12, 1)), axis=0)
    observe = numpy.array([[1.0, 0.0]])

    def loss(move, log_drift, log_noise):
        mean, covariance = np.zeros(2), np.eye(2)
        total = 0.0
        for seen in path:
            mean = np.dot(move, mean)
            covariance = move @ covariance @ move.T + np.diag(np.exp(log_drift))
            apart = seen - observe @ mean
            spread = observe @ covariance @ observe.T + np.exp(log_noise) * np.eye(1)
            gain = np.linalg.solve(spread, observe @ covariance).T
            total += np.linalg.slogdet(spread)[1] + apart @ np.linalg.inv(spread) @ apart
            mean = mean + gain @ apart
            covariance = (np.eye(2) - gain @ observe) @ covariance
        return 0.5 * total

    return loss, (numpy.array([[1.0, 0.5], [-0.1, 0.9]]), numpy.array([-1.0, -2.0]), -0.5)


def spectrum(np, logsumexp):
    """A signal whose power spectrum is to be the one that was measured."""
    rng = numpy.random.default_rng(1)
    measured = numpy.abs(numpy.fft.fft(rng.normal(size=16))) ** 2

    def loss(signal):
        power = np.abs(np.fft.fft(signal * np.hanning(16))) ** 2
        return np.sum((np.log(power + 1.0) - np.log(measured + 1.0)) ** 2)

    return loss, (rng.normal(size=16),)


def spin_chain(np, logsumexp):
    """The lowest energy of a Hermitian matrix, and how far its state is from another."""
    x = numpy.array([[0, 1], [1, 0]], dtype=complex)
    y = numpy.array([[0, -1j], [1j, 0]])
    z = numpy.diag([1.0 + 0j, -1.0])
    target = numpy.array([1, 1j, -1, 0.5]) / numpy.sqrt(3.25)

    def loss(couplings):
        energy = (
            couplings[0] * np.kron(x, x)
            + couplings[1] * np.kron(y, z)
            + couplings[2] * np.kron(z, numpy.eye(2))
            + couplings[3] * np.kron(numpy.eye(2), y)
        )
        values, vectors = np.linalg.eigh(energy)
        overlap = np.abs(np.dot(np.conj(target), vectors[:, 0])) ** 2
        return values[0] + overlap

    return loss, (numpy.array([0.7, -0.4, 0.9, 0.3]),)


def evolution(np, logsumexp):
    """A state under a chain of rotations, each by an angle."""
    rng = numpy.random.default_rng(1)
    angles = rng.normal(size=(4, 2))

    def loss(angles):
        state = np.array([1.0, 0.0], dtype=complex)
        for a, b in angles:
            state = np.exp(1j * a * np.array([1.0, -1.0])) * state
            state = np.cos(b) * state + 1j * np.sin(b) * state[::-1]
        return np.real(state[1] * np.conj(state[1]))

    return loss, (angles,)


SIMULATIONS = (rosenbrock, pendulum, hidden_markov, kalman, spectrum, spin_chain, evolution)
