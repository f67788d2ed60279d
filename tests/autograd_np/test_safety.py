"""A wrong number is never silent."""

import gc
import math
import weakref

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.graph import ancestors


def leaf(*shape, name=None):
    return ag.Tensor(np.arange(1.0, 1 + np.prod(shape)).reshape(shape), True, name)


class TestWritesToLeaves:
    def test_assignment_after_reading_is_refused(self):
        w = leaf(3, name="w")
        loss = (w * w).sum()
        w.data = np.zeros(3)
        with pytest.raises(RuntimeError, match=r"'w'.*written after 'multiply'"):
            loss.backward()
        assert w.grad is None

    def test_augmented_assignment_after_reading_is_refused(self):
        w = leaf(3)
        loss = (w * w).sum()
        w.data -= 0.1
        with pytest.raises(RuntimeError, match="was written after"):
            loss.backward()

    def test_writing_to_the_array_handed_out_is_refused(self):
        w = leaf(3)
        loss = (w * w).sum()
        w.data[0] = 7
        with pytest.raises(RuntimeError, match="was written after"):
            loss.backward()

    def test_reading_the_array_handed_out_is_not_a_write(self):
        w = leaf(3)
        loss = (w * w).sum()
        assert w.data.sum() == 6
        loss.backward()
        np.testing.assert_array_equal(w.grad, [2, 4, 6])

    def test_a_view_that_was_saved_counts(self):
        w = leaf(2, 2)
        loss = (w.T * w.T).sum()
        w.data -= 0.1
        with pytest.raises(RuntimeError, match="was written after"):
            loss.backward()

    def test_a_view_that_was_saved_counts_when_the_array_is_written_directly(self):
        w = leaf(2, 2)
        loss = np.exp(w.T)[0] @ w[0]
        w.data[0, 0] = 9
        with pytest.raises(RuntimeError, match="was written after"):
            loss.backward()

    def test_values_that_no_rule_reads_may_change(self):
        b = leaf(3)
        loss = (b + 1.0).sum()
        b.data -= 0.1
        loss.backward()
        np.testing.assert_array_equal(b.grad, np.ones(3))

    def test_only_the_leaf_that_was_written_counts(self):
        v, w = leaf(3), leaf(3)
        loss = (v * v).sum()
        (w * w).sum().backward()
        w.data -= w.grad
        loss.backward()
        np.testing.assert_array_equal(v.grad, [2, 4, 6])

    def test_an_unused_graph_does_not_stand_in_the_way_of_updates(self):
        w = leaf(3)
        kept = (w * w).sum()
        for _ in range(3):
            loss = (w * w).sum()
            loss.backward()
            w.data -= 0.1 * w.grad
            w.grad = None
            w.data[...] = 0.5 * w.data
        with pytest.raises(RuntimeError, match="was written after"):
            kept.backward()

    def test_a_new_graph_after_a_direct_write_is_right(self):
        w = leaf(2)
        kept = (w * w).sum()
        w.data[0] = 5
        fresh = (w * w).sum()
        assert w.data[0] == 5
        fresh.backward()
        np.testing.assert_array_equal(w.grad, [10, 4])
        with pytest.raises(RuntimeError, match="was written after"):
            kept.backward()

    def test_data_of_another_shape_is_refused(self):
        with pytest.raises(ValueError, match=r"shape \(2,\) and the Tensor \(3,\)"):
            leaf(3).data = np.zeros(2)

    def test_data_of_a_result_is_read_only_and_cannot_be_set(self):
        y = leaf(3) * 2
        with pytest.raises(ValueError, match="read-only"):
            y.data[0] = 1
        with pytest.raises(TypeError, match="recorded result of 'multiply'"):
            y.data = np.zeros(3)

    def test_a_tensor_owns_its_memory(self):
        array = np.ones(3)
        t = ag.Tensor(array)
        array[0] = 7
        np.testing.assert_array_equal(t.numpy(), np.ones(3))
        assert ag.Tensor(t).numpy() is not t.data

    def test_flat_buffers_note_writes(self):
        v, w = leaf(2), leaf(2, 2)
        buffer = ag.FlatBuffer([v, w])
        loss = (w * w).sum()
        buffer.data *= 2
        buffer.written()
        np.testing.assert_array_equal(w.data, [[2, 4], [6, 8]])
        with pytest.raises(RuntimeError, match="was written after"):
            loss.backward()


class TestValueSemantics:
    @pytest.mark.parametrize(
        "view",
        [lambda t: t[0], lambda t: t.T, lambda t: t.reshape(4), lambda t: t.T[0], lambda t: t[:]],
    )
    @pytest.mark.parametrize("write", ["setter", "array", "flat", "no_grad"])
    def test_no_result_is_a_view_of_a_leaf(self, view, write):
        w = leaf(2, 2)
        buffer = ag.FlatBuffer([w])
        for _ in range(2):
            seen = view(w)
            before = view(np.array(w.data))
            if write == "setter":
                w.data += 1
            elif write == "array":
                w.data[...] = 0
            elif write == "flat":
                buffer.data *= 3
                buffer.written()
            else:
                with ag.no_grad():
                    w += 1
            np.testing.assert_array_equal(seen.numpy(), before)

    def test_detach_and_numpy_keep_their_value(self):
        w = leaf(2)
        constant, array, row = w.detach(), w.numpy(), w[:].numpy()
        w.data += 1
        for kept in (constant.numpy(), array, row):
            np.testing.assert_array_equal(kept, [1, 2])

    def test_rebinding_never_changes_another(self):
        x = leaf(2) * 1.0
        y = x
        x += 1
        np.testing.assert_array_equal(y.numpy(), [1, 2])
        np.testing.assert_array_equal(x.numpy(), [2, 3])

    def test_item_assignment_leaves_earlier_readers_alone(self):
        w = leaf(3)
        x = w * 1.0
        squares = x * x
        x[0] = 10.0
        (squares + x).sum().backward()
        np.testing.assert_array_equal(x.numpy(), [10, 2, 3])
        np.testing.assert_array_equal(w.grad, [2, 5, 7])

    def test_item_assignment_of_a_recorded_value(self):
        w = leaf(2)
        x = ag.Tensor(np.zeros(3))
        x[1:] = w * w
        x.sum().backward()
        np.testing.assert_array_equal(w.grad, [2, 4])

    def test_a_constant_that_a_node_reads_keeps_the_old_value_there(self):
        c, w = ag.Tensor([1.0, 2.0]), leaf(2)
        y = (c * w).sum()
        c[0] = 100.0
        y.backward()
        np.testing.assert_array_equal(w.grad, [1, 2])
        np.testing.assert_array_equal(c.numpy(), [100, 2])

    @pytest.mark.parametrize("symbol", ["+=", "-=", "*=", "/=", "**="])
    def test_writing_to_a_leaf_raises_with_advice(self, symbol):
        w = leaf(2, name="w")
        with pytest.raises(RuntimeError, match=r"w\.data -= lr \* w\.grad"):
            exec(f"w {symbol} 2.0", {"w": w})
        with pytest.raises(RuntimeError, match="no_grad"):
            w[0] = 1.0

    def test_writing_to_a_leaf_under_no_grad(self):
        w = leaf(2)
        same = w
        with ag.no_grad():
            w -= 1
            w[0] = 5
        assert w is same
        assert w.requires_grad
        np.testing.assert_array_equal(w.data, [5, 1])

    def test_every_leaf_has_a_gradient_of_its_own(self):
        a, b = leaf(3), leaf(3)
        (a + b).sum().backward()
        a.grad *= 0.5
        np.testing.assert_array_equal(b.grad, np.ones(3))
        assert a.grad.flags.writeable
        assert b.grad.flags.c_contiguous

    def test_a_gradient_that_was_kept_is_not_added_to(self):
        w = leaf(2)
        (w * 1.0).sum().backward()
        kept = w.grad
        (w * 1.0).sum().backward()
        np.testing.assert_array_equal(kept, [1, 1])
        np.testing.assert_array_equal(w.grad, [2, 2])


class TestGuardOnTheCallersArrays:
    def test_read_only_while_a_node_reads_it(self):
        x, w = np.ones(3), leaf(3)
        y = x * w
        with pytest.raises(ValueError, match="read-only"):
            x[0] = 2
        del y
        x[0] = 2

    def test_released_by_backward(self):
        x, w = np.ones(3), leaf(3)
        y = (x * w).sum()
        y.backward()
        x[0] = 2

    def test_the_owner_of_the_memory_too(self):
        owner, w = np.ones((3, 2)), leaf(3)
        y = owner[:, 0] * w
        with pytest.raises(ValueError, match="read-only"):
            owner[0, 0] = 2
        del y
        owner[0, 0] = 2

    def test_counted_per_owner(self):
        owner, w = np.ones((3, 2)), leaf(3)
        first, second = owner[:, 0], owner[:, 1]
        y, z = first * w, second * w
        del y
        with pytest.raises(ValueError, match="read-only"):
            owner[0, 0] = 2
        del z
        for array in (first, second, owner):
            assert array.flags.writeable

    def test_an_array_that_was_read_only_stays_so(self):
        x, w = np.ones(3), leaf(3)
        x.flags.writeable = False
        y = x * w
        del y
        assert not x.flags.writeable

    def test_arrays_that_no_rule_reads_stay_writeable(self):
        x, w = np.ones(3), leaf(3)
        y = x + w
        x[0] = 2
        assert y.numpy()[0] == 2

    def test_indices(self):
        w, index = leaf(3), np.array([1, 0])
        y = w[index].sum()
        with pytest.raises(ValueError, match="read-only"):
            index[0] = 0
        del y
        index[0] = 0

    def test_labels_are_not_read_again_and_stay_writeable(self):
        w, labels = leaf(2, 3), np.array([0, 1])
        expected = ag.grad(ag.cross_entropy)(w.numpy(), labels)
        loss = ag.cross_entropy(w, labels)
        labels[0] = 2
        loss.backward()
        np.testing.assert_array_equal(w.grad, expected)

    def test_off_switch(self):
        x, w = np.ones(3), leaf(3)
        with ag.mutation_guard(False):
            y = x * w
        x[0] = 2
        assert y.numpy()[0] == 1
        z = x * w
        assert not x.flags.writeable
        del z

    def test_in_place_operators_with_a_recorded_operand(self):
        array, w = np.ones(3), leaf(3)
        with pytest.raises(TypeError, match=r"array = array \+ t"):
            array += w
        with pytest.raises(TypeError, match="out="):
            np.add(w, w, out=array)
        with pytest.raises(TypeError, match="out="):
            np.sum(w, out=np.empty(()))


class TestConversions:
    @pytest.mark.parametrize(
        "cut",
        [
            np.asarray,
            float,
            int,
            complex,
            math.exp,
            lambda t: np.zeros(3).__setitem__(0, t),
            lambda t: np.fromiter([t], float),
            lambda t: [1, 2, 3][t],
            lambda t: np.zeros(3).sum() + math.sqrt(t),
        ],
    )
    def test_cutting_the_graph_in_silence_is_refused(self, cut):
        for recorded in (leaf(), leaf() * 2, leaf(1)):
            with pytest.raises((TypeError, ValueError)) as raised:
                cut(recorded)
            # NumPy wraps what the Tensor raises when an element is set.
            assert "t.detach()" in str(raised.value.__cause__ or raised.value)

    def test_constants_convert(self):
        assert float(ag.Tensor(2.5)) == 2.5
        assert int(ag.Tensor(2.5)) == 2
        assert [1, 2, 3][ag.Tensor(1)] == 2
        np.testing.assert_array_equal(np.asarray(ag.Tensor([1.0, 2.0])), [1, 2])
        assert complex(leaf().detach()) == 1

    def test_formatting_works(self):
        loss = leaf() * 2
        assert f"{loss:.4f}" == "2.0000"
        assert "2." in repr(loss)
        assert "from=multiply" in repr(loss)

    def test_truth(self):
        assert leaf() > 0
        assert bool(leaf())
        with pytest.raises(ValueError, match="ambiguous"):
            bool(leaf(2))

    def test_iteration_and_length(self):
        assert [float(t.item()) for t in leaf(3)] == [1, 2, 3]
        assert len(leaf(3)) == 3
        with pytest.raises(TypeError, match="0-d"):
            iter(leaf())
        with pytest.raises(TypeError, match="0-d"):
            len(leaf())

    def test_full_recording_guards_constants_too(self):
        with ag.record():
            c = ag.Tensor([1.0]) * 2
            with pytest.raises(TypeError, match="recorded"):
                np.asarray(c)
        assert np.asarray(c) == 2


class TestMemory:
    def test_the_product_before_a_bias_is_freed_at_once(self):
        w, b = leaf(3, 2), leaf(2)
        product = np.ones((4, 3)) @ w
        freed = weakref.ref(product._value)
        z = product + b
        del product
        assert freed() is None
        assert z.requires_grad

    def test_no_reference_cycles(self):
        gc.collect()
        gc.disable()
        try:
            w = leaf(3)
            loss = (np.tanh(w * 2) + w[0] + w.T.reshape(3)).sum()
            dead = [weakref.ref(t) for t in (w, loss)]
            loss.backward()
            nodes = len(ancestors(loss.node))
            assert nodes == 9
            del loss, w
            assert [ref() for ref in dead] == [None, None]
        finally:
            gc.enable()

    def test_backward_frees_what_nodes_saved(self):
        w = leaf(3)
        hidden = np.exp(w)
        freed = weakref.ref(hidden._value)
        loss = hidden.sum()
        del hidden
        assert freed() is not None
        loss.backward()
        assert freed() is None

    def test_a_chain_of_a_million_operations(self):
        x = ag.Tensor(1.0, requires_grad=True)
        y = x
        for _ in range(1_000_000):
            y = y + 1.0
        y.backward()
        assert x.grad == 1.0
        del y


class TestWhatWouldBeLostInSilence:
    """Each of these would drop a gradient, a mask or a write if it went through."""

    def test_recorded_tensors_deep_in_lists(self):
        t, u = leaf(2), leaf()
        for call in (
            lambda: np.concatenate([t, [u]]),
            lambda: np.concatenate([t, [[u]]], axis=None),
            lambda: np.where([[True, False]], t, [[u, u]]),
            lambda: np.where([True, False], t, [u, u]),
        ):
            with pytest.raises(TypeError, match=r"np\.stack"):
                call()
        np.concatenate([t, [3.0]]).sum().backward()
        np.testing.assert_array_equal(t.grad, [1, 1])

    @pytest.mark.parametrize("kind", ["masked", "matrix"])
    def test_subclasses_of_arrays(self, kind):
        other = np.ma.array([[1.0, 2.0]], mask=[[0, 1]]) if kind == "masked" else None
        if other is None:
            with pytest.warns(PendingDeprecationWarning):
                other = np.matrix([[1.0, 2.0]])
        for call in (lambda: leaf(2) * other, lambda: np.multiply(other, leaf(2))):
            with pytest.raises(TypeError, match=r"np\.asarray"):
                call()
        if kind == "masked":
            with pytest.raises(TypeError, match="recorded"):
                other * leaf(2)
            with pytest.raises(TypeError, match="masked"):
                ag.Tensor(other)

    def test_out_by_position(self):
        t, out = leaf(2), np.zeros(())
        for call in (
            lambda: np.sum(t, None, None, out),
            lambda: np.dot(t, t, out),
            lambda: np.clip(t, 0, 1, out),
        ):
            with pytest.raises(TypeError, match="out="):
                call()
        assert out == 0

    def test_a_recorded_value_written_into_a_leaf_under_no_grad(self):
        w = leaf(2)
        with ag.no_grad():
            w[0] = leaf() * 5
        assert w.is_leaf
        assert w.requires_grad
        np.testing.assert_array_equal(w.data, [5, 2])


@pytest.mark.parametrize("writeable", [True, False])
def test_memory_of_other_owners_is_left_as_it_was(writeable):
    """NumPy cannot make it writeable again, unless its owner says that it is."""

    class Owner:
        memory = np.ones(3)
        __array_interface__ = memory.__array_interface__

    array = np.frombuffer(bytearray(24)) if writeable else np.asarray(Owner())
    leaf = ag.Tensor([1.0, 2.0, 3.0], requires_grad=True)
    product = leaf * array
    assert array.flags.writeable is not writeable
    product.sum().backward()
    del product
    assert array.flags.writeable
