# mypy: disable-error-code="no-untyped-call"
"""Eight float64 lanes as one number: explicit SIMD, so that the order of every sum is written down.

LLVM maps the type to whatever registers the machine has (one AVX-512, two AVX, four SSE or NEON); since
the code, not the compiler, chooses which terms meet, every machine and every number of threads gives
the same bits, and no fastmath flag is needed to make a reduction fast.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model

LANES = 8
SHIFTER = 1.5 * 2.0**52  # adding it leaves the nearest integer in the low bits
_F64, _I64 = ir.DoubleType(), ir.IntType(64)
_VF, _VI = ir.VectorType(_F64, LANES), ir.VectorType(_I64, LANES)


class _Lanes(types.Type):
    def __init__(self) -> None:
        super().__init__(name="Lanes")


Lanes = _Lanes()


@register_model(_Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, fe_type: Any) -> None:  # noqa: ANN401 - numba's interface
        super().__init__(manager, fe_type, _VF)


def _splat(builder: Any, value: Any, vector: Any = _VF) -> Any:  # noqa: ANN401 - LLVM values
    single = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(
        single,
        ir.Constant(vector, ir.Undefined),
        ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES),
    )


def _constant(value: float) -> Any:  # noqa: ANN401
    return ir.Constant(_VF, [value] * LANES)


def _bits(value: int) -> Any:  # noqa: ANN401
    return ir.Constant(_VI, [value] * LANES)


def _call(builder: Any, name: str, arguments: Any, result: Any = _VF) -> Any:  # noqa: ANN401
    function = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(result, [a.type for a in arguments]), name
    )
    return builder.call(function, arguments)


def _lanewise(name: str, build: Callable[..., Any], arity: int) -> Any:  # noqa: ANN401
    """Make an intrinsic of ``arity`` lane or float arguments that returns lanes."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
        vectors = [
            a if t == Lanes else _splat(builder, context.cast(builder, a, t, types.float64))
            for a, t in zip(args, sig.args, strict=True)
        ]
        return build(builder, *vectors)

    typers: dict[int, Any] = {  # numba takes the number of arguments from the signature
        1: lambda typingctx, a: (Lanes(a), generate),
        2: lambda typingctx, a, b: (Lanes(a, b), generate),
        3: lambda typingctx, a, b, c: (Lanes(a, b, c), generate),
        4: lambda typingctx, a, b, c, d: (Lanes(a, b, c, d), generate),
    }
    typed = typers[arity]
    typed.__name__ = name
    return intrinsic(typed)


splat = _lanewise("splat", lambda b, x: x, 1)
fma = _lanewise("fma", lambda b, x, y, z: _call(b, "llvm.fma.v8f64", [x, y, z]), 3)
sqrt = _lanewise("sqrt", lambda b, x: _call(b, "llvm.sqrt.v8f64", [x]), 1)
minimum = _lanewise("minimum", lambda b, x, y: b.select(b.fcmp_ordered("<", x, y), x, y), 2)
maximum = _lanewise("maximum", lambda b, x, y: b.select(b.fcmp_ordered(">", x, y), x, y), 2)
where_le = _lanewise("where_le", lambda b, x, y, yes, no: b.select(b.fcmp_ordered("<=", x, y), yes, no), 4)


def _power_of_two(b: Any, shifted: Any) -> Any:  # noqa: ANN401
    # the low bits of ``n + 1.5 2^52`` are n in two's complement: move them into the exponent field
    return b.bitcast(b.shl(b.add(b.bitcast(shifted, _VI), _bits(1023)), _bits(52)), _VF)


def _exponent(b: Any, x: Any) -> Any:  # noqa: ANN401
    above = b.sub(b.bitcast(x, _VI), b.bitcast(_constant(0.5**0.5), _VI))
    n = b.add(b.ashr(above, _bits(52)), b.bitcast(_constant(SHIFTER), _VI))
    return b.fsub(b.bitcast(n, _VF), _constant(SHIFTER))


power_of_two = _lanewise("power_of_two", _power_of_two, 1)
exponent = _lanewise("exponent", _exponent, 1)


def _operator(function: Any, build: Callable[..., Any]) -> None:  # noqa: ANN401
    class Template(AbstractTemplate):
        key = function

        def generic(self, args: Any, kws: Any) -> Any:  # noqa: ANN401
            if Lanes in args and all(a == Lanes or isinstance(a, types.Float) for a in args):
                return signature(Lanes, *args)
            return None

    infer_global(function)(Template)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
        vectors = [
            a if t == Lanes else _splat(builder, context.cast(builder, a, t, types.float64))
            for a, t in zip(args, sig.args, strict=True)
        ]
        return build(builder, *vectors)

    for shape in ((_Lanes, _Lanes), (_Lanes, types.Float), (types.Float, _Lanes)):
        lower_builtin(function, *shape)(generate)


_operator(operator.add, lambda b, x, y: b.fadd(x, y))
_operator(operator.sub, lambda b, x, y: b.fsub(x, y))
_operator(operator.mul, lambda b, x, y: b.fmul(x, y))
_operator(operator.truediv, lambda b, x, y: b.fdiv(x, y))


def _address(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:  # noqa: ANN401
    data = context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), _VF.as_pointer())


@intrinsic
def _load(typingctx: Any, array: Any, index: Any) -> Any:  # noqa: ANN401
    """Return ``array[index : index + 8]`` of a contiguous float64 array, without bounds check."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
        return builder.load(_address(context, builder, sig.args[0], *args), align=8)

    return Lanes(array, types.intp), generate


@intrinsic
def _borrowed(typingctx: Any, array: Any) -> Any:  # noqa: ANN401
    """Return the array without its count of references; who calls keeps it alive.

    Every function that is given a counted array adds to the count and takes away again, atomically: together
    15 ns a row of eight, three quarters of a short sweep.
    """

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
        view = context.make_array(sig.args[0])(context, builder, args[0])
        view.meminfo = ir.Constant(view.meminfo.type, None)
        return view._getvalue()

    return array(array), generate


@intrinsic
def _gathered(typingctx: Any, values: Any, columns: Any, index: Any) -> Any:  # noqa: ANN401
    """Return the values at ``columns[index : index + 8]``, unsigned, of a contiguous array, unchecked.

    In registers: a vector that is loaded where its lanes were stored one by one waits for all of them.
    """

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
        data, places = (context.make_array(sig.args[k])(context, builder, args[k]).data for k in (0, 1))
        first = builder.gep(places, [args[2]])
        x = ir.Constant(_VF, ir.Undefined)
        for lane in range(LANES):
            place = builder.zext(builder.load(builder.gep(first, [ir.Constant(_I64, lane)])), _I64)
            x = builder.insert_element(
                x, builder.load(builder.gep(data, [place])), ir.Constant(ir.IntType(32), lane)
            )
        return x

    return Lanes(values, columns, types.intp), generate


@intrinsic
def _load_first(typingctx: Any, array: Any, index: Any, count: Any) -> Any:  # noqa: ANN401
    """Return ``array[index : index + count]`` and zeros in the other lanes."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
        address = _address(context, builder, sig.args[0], args[0], args[1])
        wanted = builder.icmp_signed("<", ir.Constant(_VI, list(range(LANES))), _splat(builder, args[2], _VI))
        pointer = builder.bitcast(address, ir.PointerType())
        arguments = [pointer, ir.Constant(ir.IntType(32), 8), wanted, _constant(0.0)]
        return _call(builder, "llvm.masked.load.v8f64.p0", arguments)

    return Lanes(array, types.intp, types.intp), generate


@intrinsic
def _prefetch(typingctx: Any, array: Any, index: Any) -> Any:  # noqa: ANN401
    """Ask for the memory at ``array[index]``, which may lie beyond the end, and do not wait for it."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
        pointer = builder.bitcast(_address(context, builder, sig.args[0], *args), ir.PointerType())
        read, keep, data = (ir.Constant(ir.IntType(32), x) for x in (0, 3, 1))
        _call(builder, "llvm.prefetch.p0", [pointer, read, keep, data], ir.VoidType())
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


@intrinsic
def _store(typingctx: Any, array: Any, index: Any, value: Any) -> Any:  # noqa: ANN401
    """Write ``array[index : index + 8]``, without bounds check."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
        builder.store(args[2], _address(context, builder, sig.args[0], args[0], args[1]), align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, Lanes), generate


def _folded(name: str, combine: Callable[..., Any], doc: str) -> Any:  # noqa: ANN401
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ANN401
        x = [builder.extract_element(args[0], ir.Constant(ir.IntType(32), k)) for k in range(LANES)]
        while len(x) > 1:
            half = len(x) // 2
            x = [combine(builder, x[k], x[k + half]) for k in range(half)]
        return x[0]

    def typed(typingctx: Any, lanes: Any) -> Any:  # noqa: ANN401
        return types.float64(lanes), generate

    typed.__name__, typed.__doc__ = name, doc
    return intrinsic(typed)


total = _folded("total", lambda b, x, y: b.fadd(x, y), "Add the lanes as a balanced tree.")
lowest = _folded("lowest", lambda b, x, y: b.select(b.fcmp_ordered("<", x, y), x, y), "The smallest lane.")
highest = _folded("highest", lambda b, x, y: b.select(b.fcmp_ordered(">", x, y), x, y), "The largest lane.")
load: Any = _load
gathered: Any = _gathered
borrowed: Any = _borrowed
load_first: Any = _load_first
prefetch: Any = _prefetch
store: Any = _store
