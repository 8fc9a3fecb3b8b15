"""Cases of the rules in `lvscf.linter.rules.values.older_releases`; see `tests.cases`."""

from tests.builders import service
from tests.cases import Texts

FIRES: Texts = {
    "LVS122": {
        "a device of synchronisation before 0.8.6": "⟦syncd_iface⟧ = eth1\n--- target 0.8.5-9\n",
        "a timeout before 0.8.6": "⟦tcp_timeout⟧ = 900\n--- target 0.8.4\n",
        "a kind of shutdown before 0.8.6": "⟦hard_shutdown⟧ = 0\n--- target 0.8.5\n",
        "the other kind of shutdown in 0.8.6-6": "hard_shutdown = ⟦0⟧\n--- target 0.8.6-6\n",
        "a sorry server before 0.8.6-3": service("sorry_server = ⟦10.10.1.90⟧")
        + "--- target 0.8.6-2\n",
        "a sorry server of a mark before 0.8.6-3": service(
            "fwmark = 2", "sorry_server = ⟦10.10.1.90⟧"
        )
        + "--- target 0.8.6\n",
    },
}

SILENT: Texts = {
    "LVS122": {
        "the latest release": "syncd_iface = eth1\nhard_shutdown = 0\n"
        + service("sorry_server = 10.10.1.90"),
        "what 0.8.6 knows": "syncd_iface = eth1\nhard_shutdown = 1\n--- target 0.8.6-1\n",
        "a sorry server in 0.8.6-3": service("sorry_server = 10.10.1.90") + "--- target 0.8.6-3\n",
        "an unset sorry server": service("sorry_server = 0.0.0.0") + "--- target 0.8.6-2\n",
        "a value that Piranha refuses": "tcp_timeout = soon\n--- target 0.8.5\n",
    },
}
