"""Configurations that are in order have no finding."""

import pytest

import lvscf
from tests.good import GOOD, NOTED


@pytest.mark.parametrize("name", GOOD)
def test_good_configurations_are_clean(name: str) -> None:
    """Configurations as people run them have no finding but what is worth knowing about them."""
    found = {finding.code for finding in lvscf.lint(lvscf.parse(GOOD[name]))}

    assert found - {"LVS400"} == NOTED.get(name, set())
