r"""From Piranha to keepalived: what each router needs, and what changes.

>>> import lvscf
>>> conversion = lvscf.keepalived.convert(lvscf.parse("keepalive = 6\n"))
>>> sorted(conversion.files)
['NOTES.md', 'primary/keepalived.conf']
"""

from lvscf.keepalived.conversion import convert
from lvscf.keepalived.ipvsadm_restore import convert_to_ipvsadm
from lvscf.keepalived.ldirectord import convert_to_ldirectord
from lvscf.keepalived.values import Conversion, File, Kept, Note, UnconvertibleError

__all__ = [
    "Conversion",
    "File",
    "Kept",
    "Note",
    "UnconvertibleError",
    "convert",
    "convert_to_ipvsadm",
    "convert_to_ldirectord",
]
