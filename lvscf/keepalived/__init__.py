"""From Piranha to keepalived: what each router needs, and what changes.

>>> import lvscf
>>> conversion = lvscf.keepalived.convert(lvscf.parse("keepalive = 6\\n"))
>>> sorted(conversion.files)
['NOTES.md', 'primary/keepalived.conf']
"""

from lvscf.keepalived.conversion import convert
from lvscf.keepalived.values import Conversion, File, Kept, Note, UnconvertibleError

__all__ = ["Conversion", "File", "Kept", "Note", "UnconvertibleError", "convert"]
