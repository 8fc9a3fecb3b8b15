"""Files of hosts, as options and settings name them."""

from typing import Literal

from attrs import frozen

Role = Literal["router", "real-server"]


@frozen
class HostFile:
    """A file that was collected from a host: evidence that is not read yet."""

    role: Role
    host: str | None
    """None stands for both routers."""
    path: str
