"""`python -m lvscf`."""

import sys

from lvscf.cli import main

sys.exit(main())
