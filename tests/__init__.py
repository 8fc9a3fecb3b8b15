"""Tests of lvscf, in the folders of lvscf: `tests/config/test_differences.py` tests `lvscf/config/differences.py`.

Rules have their cases beside their tests, see `tests.cases`.  Modules that hold no tests are what
several tests need.  `pytest` runs all but the slow ones, `pytest -m slow` those, `pytest -m ""` both.
"""
