"""Texts for laws; they live in `lvscf.testing`."""

from lvscf.testing.texts import ANYTHING as ANYTHING
from lvscf.testing.texts import FILES as FILES
from lvscf.testing.texts import SERVERS as SERVERS
from lvscf.testing.texts import SERVICES as SERVICES
