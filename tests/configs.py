"""Configurations for laws; they live in `lvscf.testing`."""

from lvscf.testing.configs import CONFIGS as CONFIGS
from lvscf.testing.configs import NAMES as NAMES
from lvscf.testing.configs import changed as changed
from lvscf.testing.configs import sound_texts as sound_texts
from lvscf.testing.configs import values as values
