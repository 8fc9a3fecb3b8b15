"""Run check scripts against servers that answer as told; a program for a network namespace.

    answering.py FILE

FILE is JSON: `answers` (protocol, port, address, what the server does, and the bytes in hex) and
`commands`.  It prints the exit status of each command as JSON.
"""

import json
import socket
import subprocess
import sys
import threading
from pathlib import Path


def serve_tcp(listener: socket.socket, action: str, data: bytes) -> None:
    """Answer every connection; for the `silent`, never."""
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(connection, action, data), daemon=True).start()


def answer(connection: socket.socket, action: str, data: bytes) -> None:
    """Answer one connection: at once, after the first bytes, or not at all."""
    if action == "close":
        connection.close()
        return
    if action == "reply" and not connection.recv(2048):
        return
    if action in ("reply", "greet"):
        connection.sendall(data)
    while connection.recv(2048):
        pass


def serve_udp(listener: socket.socket, action: str, data: bytes) -> None:
    """Answer every datagram."""
    while True:
        _, client = listener.recvfrom(2048)
        if action in ("reply", "greet"):
            listener.sendto(data, client)


def main(path: str) -> None:
    """Serve, run all commands at once, and print how they ended."""
    for command in ("ip link set lo up", "ip route add local 0.0.0.0/0 dev lo table local"):
        subprocess.run(command.split(), check=True)
    task = json.loads(Path(path).read_text())
    for line in task["answers"]:
        protocol, port, address, action, *rest = line.split()
        if action == "refuse":
            continue
        kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
        listener = socket.socket(socket.AF_INET, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, int(port)))
        if protocol == "tcp":
            listener.listen()
        serve = serve_tcp if protocol == "tcp" else serve_udp
        data = bytes.fromhex(rest[0]) if rest else b""
        threading.Thread(target=serve, args=(listener, action, data), daemon=True).start()
    running = [(one, subprocess.Popen(one.split())) for one in task["commands"]]
    sys.stdout.write(json.dumps({command: process.wait(60) for command, process in running}))


if __name__ == "__main__":
    main(sys.argv[1])
