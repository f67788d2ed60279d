"""Arrays of a strict make-believe device: what works on them needs NumPy's protocols alone."""

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

import autograd_np as ag
from autograd_np.rules import indexing


class DeviceArray(NDArrayOperatorsMixin):
    """An array that refuses to leave its device unless it is asked to by `get`.

    Every implicit conversion raises, so does mixing with arrays of the host, and so do the methods
    of ufuncs, which other libraries have but in part. Nothing can be assigned to its elements.
    """

    def __init__(self, host):
        self._host = np.asarray(host)

    def get(self):
        """The values on the host."""
        return self._host.copy()

    shape = property(lambda self: self._host.shape)
    dtype = property(lambda self: self._host.dtype)
    ndim = property(lambda self: self._host.ndim)
    size = property(lambda self: self._host.size)
    T = property(lambda self: DeviceArray(self._host.T))
    real = property(lambda self: DeviceArray(self._host.real))
    imag = property(lambda self: DeviceArray(self._host.imag))

    def astype(self, dtype, copy=True):
        return DeviceArray(self._host.astype(dtype, copy=copy))

    def copy(self):
        return DeviceArray(self._host.copy())

    def reshape(self, *shape):
        return DeviceArray(self._host.reshape(*shape))

    def dot(self, other):
        return DeviceArray(self._host.dot(_lowered(other)))

    def __getitem__(self, index):
        return DeviceArray(self._host[_lowered(index)])

    def __iter__(self):
        return map(DeviceArray, self._host)

    def __len__(self):
        return len(self._host)

    def __repr__(self):
        return f"DeviceArray(shape={self.shape}, dtype={self.dtype})"

    def _refuse(self, *args, **kwargs):
        raise TypeError("implicit conversion of a DeviceArray: it has to leave its device")

    __array__ = __bool__ = __float__ = __int__ = __complex__ = __index__ = _refuse
    __array_interface__ = property(_refuse)

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        if any(isinstance(each, ag.Tensor) for each in inputs):
            return NotImplemented
        if method != "__call__":
            raise TypeError(f"np.{ufunc.__name__}.{method} does not exist on the device")
        return _lifted(ufunc(*_lowered(inputs), **_lowered(kwargs)))

    def __array_function__(self, function, types, args, kwargs):
        if any(issubclass(each, ag.Tensor) for each in types):
            return NotImplemented
        if function in (np.asarray, np.array):
            # With like=, which asks for an array of the host to be moved to the device.
            return DeviceArray(function(*args, **kwargs))
        return _lifted(function(*_lowered(args), **_lowered(kwargs)))


def _lowered(value):
    if isinstance(value, DeviceArray):
        return value._host
    if isinstance(value, np.ndarray):
        raise TypeError(f"an array of the host, of shape {value.shape}, was mixed with a device's")
    if isinstance(value, (list, tuple)):
        return type(value)(map(_lowered, value))
    if isinstance(value, dict):
        return {key: _lowered(item) for key, item in value.items()}
    if isinstance(value, slice):
        return slice(_lowered(value.start), _lowered(value.stop), _lowered(value.step))
    return value


def _lifted(value):
    if isinstance(value, (np.ndarray, np.generic)):
        return DeviceArray(value)
    if isinstance(value, (list, tuple)):
        items = map(_lifted, value)
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return value


# What a library provides for indexing and its gradients: there an index may be the host's.


def getitem(a, index):
    """``a[index]``."""
    return DeviceArray(a.get()[_index(index)])


def index_add(values, index, shape):
    """Zeros of `shape`, with `values` added at `index`."""
    out = np.zeros(shape, values.dtype)
    np.add.at(out, _index(index), values.get())
    return DeviceArray(out)


def index_set(a, index, value):
    """A copy of `a` with `value` at `index`."""
    out = a.get()
    out[_index(index)] = _lowered(value)
    return DeviceArray(out)


def last_written(g, index, shape):
    """Which of the places that `index` selects keep what is assigned there."""
    return DeviceArray(indexing.last_written(g.get(), _index(index), shape))


def _index(index):
    if isinstance(index, tuple):
        return tuple(map(_index, index))
    return index if isinstance(index, np.ndarray) else _lowered(index)
