"""The Tensor: a handle on an array and on the node that made it."""

from __future__ import annotations

from collections.abc import Callable
from sys import getrefcount
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from autograd_np import writes
from autograd_np.backward import keep_gradient, run_backward
from autograd_np.calls import constant_call, refuse_unrecordable
from autograd_np.conversions import Conversions
from autograd_np.eager import eager
from autograd_np.graph import Leaf, Node, Shape
from autograd_np.handle import Handle, as_array, refuse_subclass, result_type, unwrap, wrap
from autograd_np.recording import LEAN, current, depth, tracing, using, with_grad
from autograd_np.reverse import own
from autograd_np.rules.arithmetic import stop_gradient
from autograd_np.rules.indexing import index_set
from autograd_np.rules.registry import RULES
from autograd_np.ufuncs import UFUNCS, ufunc_method

if TYPE_CHECKING:
    import graphviz

Array = np.ndarray[Any, Any]

# What `Tensor.data` compares with, to see without a call that no node reads the memory.
_views = writes.state.views
_ALONE, _OWNER_ALONE = writes.ALONE, writes.OWNER_ALONE + 1


@result_type
class Tensor(Conversions):
    """A NumPy array that records what is computed from it.

    Parameters
    ----------
    value : array_like
        Copied: a Tensor owns its memory. Lists and scalars are converted as by `numpy.array`.
    requires_grad : bool
        Whether gradients with respect to it are wanted. Needs a floating dtype.
    name : str, optional
        Shown in messages, listings and pictures.

    Raises
    ------
    TypeError
        If `requires_grad` is asked of integers or booleans, or `value` is not numeric.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> x = ag.Tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> y = np.sum(x**2)
    >>> y.backward()
    >>> x.grad
    array([2., 4., 6.])
    """

    __slots__ = ()

    def __init__(self, value: Any, requires_grad: bool = False, name: str | None = None) -> None:
        given = value
        if isinstance(value, Handle):
            value = value._value
        if isinstance(value, np.ndarray) and hasattr(value, "mask"):
            refuse_subclass(value)
        data = np.array(value) if _is_host(value) else as_array(value)
        if data.dtype.kind not in "biufc":
            raise TypeError(
                f"a Tensor holds numbers, and this is of dtype {data.dtype}. "
                f"Write ag.Tensor(np.asarray(value, dtype=float))."
            )
        self._value = data
        self._node = None
        self._grad = None
        self._live = None
        if requires_grad or name is not None:
            self._node = Leaf(self, data.shape, data.dtype, False)
            self._node.name = name
            if requires_grad:
                self.requires_grad = True
        if (trace := tracing()) is not None and isinstance(given, (Handle, np.ndarray)):
            trace.copied(self, given)

    @property
    def data(self) -> Any:
        """The value as an array.

        Of a leaf it is the live memory: writing to it (``p.data -= lr * p.grad``) updates the
        Tensor. Of a recorded result it is read-only. Assigning copies the new value in.
        """
        if current() is not LEAN and (trace := tracing()) is not None:
            return trace.data(self)
        node = self._node
        if type(self._value) is not np.ndarray:
            return self._value
        if node is None:
            self._prepare_write()
            return self._value
        if node.derivative is not None:
            return _read_only(self._value)
        if not node.requires_grad:
            return self._value
        live = self._live
        if (
            live is None
            or _views
            or getrefcount(self._value) != _ALONE
            or getrefcount(self._value.base) != _OWNER_ALONE
        ):
            writes.hand_out(self)
        if live is None:
            live = self._live = self._value[...]
        return live

    @data.setter
    def data(self, value: Any) -> None:
        node = self._node
        if node is not None and node.derivative is not None:
            raise TypeError(
                f"this Tensor is the recorded result of {node.operation!r}: giving it another "
                f"value would make its gradient wrong. Write t = ag.Tensor(value)."
            )
        if node is not None and value is self._live:
            writes.written(node)  # type: ignore[arg-type]
            return
        if np.shape(unwrap(value)) != self._value.shape:
            raise ValueError(
                f"the value has shape {np.shape(unwrap(value))} and the Tensor "
                f"{self._value.shape}. To change the shape, write "
                f"t = ag.Tensor(value, requires_grad=...)."
            )
        if current() is not LEAN and (trace := tracing()) is not None:
            trace.write(self, value)
            return
        self._write(Ellipsis, value)

    def _write(self, index: Any, value: Any) -> None:
        """Write into a leaf's own memory; earlier readers are told."""
        self._prepare_write()
        self._value[index] = unwrap(value)
        if self._node is not None:
            writes.written(cast(Leaf, self._node))

    def _prepare_write(self) -> None:
        """See that writing to the memory changes this Tensor alone."""
        value = self._value
        # Live nodes that read a constant keep the old value, and so does what it is a view of.
        if not value.flags.writeable or (self._node is None and value.base is not None):
            self._value = value.copy()
        elif _views:
            writes.before_write(value)

    @property
    def node(self) -> Node:
        """The node of the graph that this Tensor is a handle on."""
        if self._node is None:
            self._node = Leaf(self, self._value.shape, self._value.dtype, requires_grad=False)
        return self._node

    @property
    def grad(self) -> Any:
        """The gradient: None before `backward`, then an array that belongs to this Tensor.

        A Tensor after ``backward(create_graph=True)``, and while `record` is active.
        """
        if current() is not LEAN and (trace := tracing()) is not None:
            return trace.gradient(self)
        grad = self._grad
        if isinstance(grad, Handle) and current().program is None:
            node = grad._node
            if node is not None and not node.requires_grad:
                # In the recording one array may be the gradient of several values.
                grad = self._grad = own(grad._value)
        return grad

    @grad.setter
    def grad(self, value: Any) -> None:
        if value is not None and np.shape(unwrap(value)) != self._value.shape:
            raise ValueError(
                f"a gradient has the shape of its Tensor, {self._value.shape}, and this has "
                f"{np.shape(unwrap(value))}."
            )
        if current() is not LEAN and (trace := tracing()) is not None:
            trace.set_gradient(self, value)
        else:
            self._grad = value

    @property
    def name(self) -> str | None:
        """The name shown in messages, listings and pictures."""
        return None if self._node is None else self._node.name

    @name.setter
    def name(self, value: str | None) -> None:
        self.node.name = value

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow through this Tensor."""
        return self._node is not None and self._node.requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        node = self.node
        if node.derivative is not None:
            if value != node.requires_grad:
                raise RuntimeError(
                    "requires_grad can be set on leaves only, and this is a result of "
                    f"{node.operation!r}. To cut the graph here, write t.detach()."
                )
            return
        if not value:
            if node.requires_grad and type(self._value) is np.ndarray:
                # Another array object, by which compiled functions see that something changed.
                self._value = self._value[...]
            node.requires_grad = False
            return
        data = self._value
        if data.dtype.kind not in "fc":
            raise TypeError(
                f"only floating and complex values have gradients, and this is of dtype "
                f"{data.dtype}. "
                f"Write ag.Tensor(value.astype(float), requires_grad=True)."
            )
        if type(data) is np.ndarray:
            # The memory must be writeable, and the array object held by nobody else.
            self._value = (data if data.flags.writeable else data.copy())[...]
        node.requires_grad = True

    @property
    def is_leaf(self) -> bool:
        """Whether the Tensor was made by the user rather than by a recorded operation."""
        return self._node is None or self._node.derivative is None

    def numpy(self) -> Array:
        """The value as a plain array that no later update changes; read-only for results."""
        self._refuse_traced("convert it to an array")
        if type(self._value) is not np.ndarray:
            return np.asarray(self._value)
        if self.is_leaf or self._value.base is not None:
            return np.array(self._value)
        return cast(Array, _read_only(self._value))

    def detach(self) -> Tensor:
        """The same value as a constant: gradients stop here.

        Examples
        --------
        >>> import autograd_np as ag
        >>> x = ag.Tensor(2.0, requires_grad=True)
        >>> (x * x.detach()).backward()
        >>> x.grad
        array(2.)
        """
        if current().program is not None:
            stopped: Tensor = eager(stop_gradient)(self)
            return stopped
        return wrap(self.numpy() if type(self._value) is np.ndarray else own(self._value))

    def backward(
        self, gradient: Any = None, retain_graph: bool | None = None, create_graph: bool = False
    ) -> None:
        """Add the gradient of this value to the `grad` of every leaf it was computed from.

        Parameters
        ----------
        gradient : array_like, optional
            Gradient with respect to this value, of its shape; may be left out for one element.
        retain_graph : bool, optional
            Keep what the graph saved, for another pass. By default as `create_graph`.
        create_graph : bool
            Record the pass itself, so that `grad` can be differentiated again.

        Raises
        ------
        RuntimeError
            If nothing was recorded, the graph was freed, or a value it needs was overwritten.
        ValueError
            If `gradient` is missing or of another shape.

        Examples
        --------
        >>> import autograd_np as ag
        >>> x = ag.Tensor(3.0, requires_grad=True)
        >>> (x**2).backward()
        >>> x.grad
        array(6.)
        """
        run_backward(self, gradient, retain_graph, create_graph)

    def draw(self, **options: Any) -> graphviz.Digraph:
        """The graph that this value was computed by, as a picture: see `autograd_np.draw`.

        Examples
        --------
        >>> import autograd_np as ag
        >>> x = ag.Tensor(3.0, requires_grad=True)
        >>> "square" in (x**2).draw(legend=False).source
        True
        """
        from autograd_np.drawing import draw

        return draw(self, **options)

    def zero_grad(self) -> None:
        """Forget the gradient: `grad` is None again."""
        self.grad = None

    def register_hook(self, hook: Callable[[Any], Any]) -> Callable[[], None]:
        """Call ``hook(gradient)`` when the gradient of this value is complete.

        What it returns, unless None, replaces the gradient.

        Returns
        -------
        callable
            Removes the hook.

        Examples
        --------
        >>> import autograd_np as ag
        >>> x = ag.Tensor(1.0, requires_grad=True)
        >>> remove = x.register_hook(lambda g: 10 * g)
        >>> (2 * x).backward()
        >>> x.grad
        array(20.)
        """
        node = self.node
        if not node.requires_grad:
            raise RuntimeError(
                "a hook needs a Tensor that requires a gradient. "
                "Write ag.Tensor(value, requires_grad=True)."
            )
        if node.hooks is None:
            node.hooks = []
        hooks = node.hooks
        hooks.append(hook)

        def remove() -> None:
            if hook in hooks:
                hooks.remove(hook)

        return remove

    def retain_grad(self) -> None:
        """Keep the gradient of this intermediate result in `grad` too.

        Examples
        --------
        >>> import autograd_np as ag
        >>> x = ag.Tensor(2.0, requires_grad=True)
        >>> y = 3 * x
        >>> y.retain_grad()
        >>> (y * y).backward()
        >>> y.grad
        array(12.)
        """
        if not self.is_leaf:
            keep_gradient(self)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if kwargs.get("out") is not None:
            if _is_update(inputs):
                return getattr(ufunc, method)(*unwrap(inputs), **kwargs)
            refuse_unrecordable(ufunc, kwargs)
        if method != "__call__":
            return ufunc_method(ufunc, method, inputs, kwargs)
        if not kwargs and ufunc in RULES:
            return UFUNCS[ufunc](*inputs)
        return eager(ufunc)(*inputs, **kwargs)

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any
    ) -> Any:
        return eager(function)(*args, **kwargs)

    def __reduce_ex__(self, protocol: Any) -> Any:
        """How pickle, copy and deepcopy make another: a leaf of its own, without the gradient."""
        self._refuse_traced("copy or pickle it")
        # The argument of a transform is a leaf, and stands for what its caller traces.
        if not self.is_leaf or (depth.get() and self.requires_grad):
            raise TypeError(
                "this Tensor is recorded, and its graph cannot be copied or pickled. Write "
                "np.copy(t), which is recorded, or t.detach() for its value."
            )
        return _rebuild, (type(self), np.array(self._value), self.requires_grad, self.name)

    def __setitem__(self, index: Any, value: Any) -> None:
        node = self._node
        program = current().program
        leaf = node is not None and node.requires_grad and node.derivative is None
        if node is not None and leaf and current().grad:
            raise RuntimeError(_leaf_write("t[index] = value", node))
        recorded = node is not None and (node.derivative is not None or program is not None)
        if recorded or (not leaf and isinstance(value, Handle) and value._node is not None):
            with using(with_grad(True)):
                updated = eager(index_set)(self, index, value)
            if (trace := tracing()) is None:
                self._value, self._node = updated._value, updated._node
            else:
                trace.rebind(self, updated)
        else:
            self._write(index, value)

    def _in_place(self, operation: Callable[[Any, Any], Tensor], symbol: str, other: Any) -> Tensor:
        node = self._node
        if node is None or node.derivative is not None or not node.requires_grad:
            result = operation(self, other)
            return result if (trace := tracing()) is None else trace.in_place(self, result)
        if current().grad:
            raise RuntimeError(_leaf_write(f"t {symbol} value", node))
        if (trace := tracing()) is not None:
            trace.write(self, operation(self, other))
            return self
        if current().program is not None:
            return operation(self, other)
        self._write(Ellipsis, operation(self, other)._value)
        return self

    def __eq__(self, other: object) -> Any:
        return constant_call(np.equal, (self, other), {})

    def __ne__(self, other: object) -> Any:
        return constant_call(np.not_equal, (self, other), {})

    __hash__ = object.__hash__

    @property
    def shape(self) -> Shape:
        """Lengths of the axes."""
        shape: Shape = self._value.shape
        return shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the elements."""
        dtype: np.dtype[Any] = self._value.dtype
        return dtype

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return int(self._value.ndim)

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(self._value.size)


def _rebuild(cls: type[Tensor], data: Any, requires_grad: bool, name: str | None) -> Tensor:
    tensor = cls.__new__(cls)
    Tensor.__init__(tensor, data, requires_grad, name)
    return tensor


def _is_update(inputs: tuple[Any, ...]) -> bool:
    """Whether an operation in a recording writes what has no gradient: ``p.data -= lr * p.grad``.

    Outside of one it is an operation on arrays.
    """
    if current().program is None or tracing() is not None:
        return False
    nodes = (each._node for each in inputs if isinstance(each, Handle))
    return not any(node is not None and node.requires_grad for node in nodes)


def _is_host(value: Any) -> bool:
    """Whether `value` is NumPy's or Python's, rather than another library's array."""
    return isinstance(value, np.ndarray) or not hasattr(value, "__array_function__")


def _read_only(data: Any) -> Any:
    view = data[...]
    view.flags.writeable = False
    return view


def _leaf_write(what: str, node: Node) -> str:
    name = node.name or "t"
    return (
        f"`{what}` on a leaf that requires a gradient ({name}, shape {node.shape}) would change "
        f"what its gradient means. For an update, write `{name}.data -= lr * {name}.grad`, or do "
        f"it under `with ag.no_grad():`. For a new value, write `new = {name} + value`."
    )
