"""How files name what made them."""

from lvscf import __version__


def made_from(name: str) -> str:
    """The part of a head that names lvscf, its version, and the lvs.cf."""
    return f"made by lvscf {__version__} from {name}"
