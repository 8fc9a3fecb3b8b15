"""The programs that read reports, where `.ci/run` has installed them from npm."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder with @microsoft/sarif-multitool and @actions/core."""
    folder = os.environ.get("LVSCF_NODE_MODULES")
    if not folder:
        pytest.skip("LVSCF_NODE_MODULES does not name the npm packages; .ci/run installs them")
    return Path(folder)
