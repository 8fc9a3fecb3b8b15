"""Records: values whose identity is what counts, made so that they cost little at start-up."""

from collections.abc import Callable
from typing import Any, TypeVar, cast, dataclass_transform, overload

from attrs import define, evolve, field, fields

_T = TypeVar("_T")


@overload
def record(cls: type[_T], /) -> type[_T]: ...


@overload
def record(*, slots: bool = True, frozen: bool = True) -> Callable[[type[_T]], type[_T]]: ...


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def record(
    cls: type[_T] | None = None, /, *, slots: bool = True, frozen: bool = True
) -> type[_T] | Callable[[type[_T]], type[_T]]:
    """An attrs class that compares by identity and shares one `__repr__` with all others.

    attrs writes and compiles `__eq__`, `__hash__` and `__repr__` for every class when it is made,
    and each run of `lvscf lint` makes some forty classes before it reads a line: without this, a
    cold run takes 8 % more instructions (counted by callgrind).  Values that users
    compare or use as keys are ordinary `attrs.frozen` classes.

    Args:
        cls: the class.
        slots: False where the class has cached properties.
        frozen: False where its fields may be set.
    """

    def make(cls: type[_T]) -> type[_T]:
        if "__repr__" not in vars(cls):
            cls.__repr__ = _shown  # type: ignore[method-assign]
        return define(eq=False, repr=False, slots=slots, frozen=frozen)(cls)

    return make if cls is None else make(cls)


def evolved(one: _T, **changes: Any) -> _T:
    """A record like another, but for some of its fields; `attrs.evolve` for type checkers."""
    return cast(_T, evolve(cast(Any, one), **changes))


def _shown(self: object) -> str:
    shown = (
        f"{one.name}={getattr(self, one.name)!r}"
        for one in fields(cast(Any, type(self)))
        if one.repr
    )
    return f"{type(self).__name__}({', '.join(shown)})"
