"""What words mean."""

from lvscf.piranha.choices import MEANINGS
from lvscf.piranha.directives import TABLE


def test_every_word_of_the_table_has_a_meaning() -> None:
    """And no other has; `load_monitor` takes any program."""
    choices = {row.name: set(row.kind.choices) for row in TABLE if row.kind.choices}

    assert {
        name: set(words) for name, words in MEANINGS.items() if name != "load_monitor"
    } == choices
    meaning = next(row.meaning for row in TABLE if row.name == "load_monitor")
    assert all(word in meaning for word in MEANINGS["load_monitor"])
