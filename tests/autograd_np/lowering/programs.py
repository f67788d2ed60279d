"""Training steps of the five benchmark networks as programs, with outputs and updates."""

import numpy as np

import autograd_np as ag
from autograd_np.lowering.interpret import interpret
from autograd_np.lowering.weak import number
from nn.optim.adam import adam, adamw
from nn.optim.rmsprop import rmsprop
from nn.optim.sgd import sgd
from tests.autograd_np.lowering.recordings import record
from tests.benchmarks.networks import NETWORKS, Network, problem

SGD = {"momentum": 0.0, "dampening": 0.0, "nesterov": False, "weight_decay": 0.0}
ADAM = {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0}
RMSPROP = {"alpha": 0.99, "eps": 1e-8, "weight_decay": 0.0, "momentum": 0.0, "centered": False}

#: By name: the update, the names of its state, and its settings but for the learning rate.
OPTIMIZERS = {
    "sgd": (sgd, (), SGD),
    "momentum": (sgd, ("momentum_buffer",), SGD | {"momentum": 0.9}),
    "nesterov": (sgd, ("momentum_buffer",), SGD | {"momentum": 0.9, "nesterov": True}),
    "decay": (sgd, (), SGD | {"weight_decay": 0.01}),
    "adam": (adam, ("exp_avg", "exp_avg_sq"), ADAM),
    "adam_decay": (adam, ("exp_avg", "exp_avg_sq"), ADAM | {"weight_decay": 0.01}),
    "adamw": (adamw, ("exp_avg", "exp_avg_sq"), ADAM | {"weight_decay": 0.01}),
    "rmsprop": (rmsprop, ("square_avg", "grad_avg"), RMSPROP | {"centered": True}),
}
NAMES = tuple(network.name for network in NETWORKS)
SMALL = NAMES[:4]


def leaves(name, dtype):
    """The parameters of a network, one after the other in the memory of one flat buffer."""
    initial = problem(Network.named(name), dtype).initial
    found = []
    for layer, arrays in enumerate(initial, 1):
        for letter, array in zip("Wb", arrays, strict=True):
            if array is not None:
                found.append(ag.Tensor(array, requires_grad=True, name=f"{letter}{layer}"))
    ag.FlatBuffer(found)
    return found


def loss_of(network, parameters, x, y):
    """The loss as the benchmarks have it."""
    step = 2 if network.bias else 1
    layers = [parameters[i : i + step] for i in range(0, len(parameters), step)]
    h = x
    for W, *bias in layers:
        h = (h if h is x else ag.relu(h)) @ W
        if bias:
            h = h + bias[0]
    if network.loss == "cross_entropy":
        return ag.cross_entropy(h, y)
    if network.loss == "binary_cross_entropy":
        return ag.binary_cross_entropy(ag.sigmoid(h), y)
    return np.square(h - y).sum()


def states_of(parameters, names):
    """Optimizer state for each parameter, each kind in one flat buffer."""
    rng = np.random.default_rng(2)
    states = [{} for _ in parameters]
    for name in names:
        made = [ag.Tensor(rng.random(p.shape).astype(p.dtype), True) for p in parameters]
        ag.FlatBuffer(made)
        for state, tensor in zip(states, made, strict=True):
            state[name] = tensor
    return states


def training_step(name, optimizer="sgd", dtype="float32"):
    """One step of a network: the loss comes out, parameters and state are updated.

    Data, labels, the learning rate ``lr`` and the number of the step are inputs.
    """
    network = Network.named(name)
    given = problem(network, dtype)
    update, names, settings = OPTIMIZERS[optimizer]
    x, y = ag.Tensor(given.x, name="x"), ag.Tensor(given.y, name="y")
    parameters = leaves(name, dtype)
    states = states_of(parameters, names)
    rate, count = number(network.lr, "lr"), number(3, "step")
    with record() as program:
        for each in (x, y, rate, count, *parameters):
            program.ref(each)
        loss = loss_of(network, parameters, x, y)
        loss.backward()
        program.outputs = [program.ref(loss)]
        with ag.no_grad():
            for p, state in zip(parameters, states, strict=True):
                program.gradients[program.ref(p.grad).index] = program.ref(p).index
                before = dict(state)
                new, after = update(p, p.grad, state, {"lr": rate, **settings}, count)
                program.updates[program.ref(p).index] = program.ref(new)
                for key, tensor in before.items():
                    program.updates[program.ref(tensor).index] = program.ref(after[key])
    return program


def names_of(program):
    """The names of the functions that a program calls, in order."""
    return [call.function.__name__ for call in program.calls]


def random_inputs(program, seed=0):
    """Other values for the inputs of a program: labels stay what they were, numbers grow a bit."""
    rng = np.random.default_rng(seed)
    values = {}
    for ref in program.inputs:
        variable = program.variables[ref.index]
        if ref.index in program.packs:
            continue
        if variable.weak:
            values[ref.index] = variable.value * 2
        elif variable.dtype.kind == "f":
            noise = rng.random(variable.shape).astype(variable.dtype)
            values[ref.index] = variable.value * (noise + variable.dtype.type(0.5))
        else:
            values[ref.index] = variable.value
    return values


def bits(program, values):
    """All that a program computes, as bytes."""
    outputs, updates = interpret(program, values)
    return (
        [described(value) for value in outputs],
        {index: described(value) for index, value in updates.items()},
    )


def described(value):
    value = np.asarray(value)
    return value.shape, value.dtype, value.tobytes()


def assert_same(changed, program, seeds=range(2)):
    """Fail unless two programs compute the same to the last bit."""
    assert changed.calls, "nothing is left"
    for seed in seeds:
        values = random_inputs(program, seed)
        assert bits(changed, values) == bits(program, values)


def recorded(function, *values):
    """The program of a function of Tensors that hold these values, named a, b, c."""
    tensors = [ag.Tensor(value, name=name) for value, name in zip(values, "abcdef", strict=False)]
    with record() as program:
        for tensor in tensors:
            program.ref(tensor)
        results = function(*tensors)
        results = results if isinstance(results, tuple) else (results,)
        program.outputs = [program.ref(result) for result in results]
    return program
