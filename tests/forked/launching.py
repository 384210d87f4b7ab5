"""The stand-in for the interpreter: `launching.py ADDRESS ARGUMENT…`; see the package."""

import contextlib
import json
import os
import signal
import socket
import sys
import time

PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120 (pathlib takes longer to import than all this)
SECONDS_TO_START = 60


def is_ours(arguments: list[str]) -> bool:
    """Tell whether a program is one that the server has imported."""
    path = os.environ.get("PYTHONPATH", ROOT)
    return (
        len(arguments) > 1 and arguments[0] == "-m" and arguments[1][:4] == "bot." and path == ROOT
    )


def connected(address: str) -> socket.socket:
    """Return a connection to the server; wait for it while it imports."""
    end = time.monotonic() + SECONDS_TO_START
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return connection


def main(address: str, arguments: list[str]) -> None:
    """Let the server run a program, or become the interpreter that runs it."""
    if not is_ours(arguments):
        os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 (no shell is wanted)
    request = {
        "module": arguments[1],
        "arguments": arguments[2:],
        "environment": dict(os.environ),
        "folder": os.getcwd(),  # noqa: PTH109 (the same)
    }
    with connected(address) as connection:
        socket.send_fds(connection, [b"\n"], [0, 1, 2])
        connection.sendall(json.dumps(request).encode() + b"\n")
        answers = connection.makefile()
        pid = int(answers.readline())
        for number in PASSED_ON:
            signal.signal(number, lambda said, _: os.kill(pid, said))
        code = int(answers.readline())
    if code < 0:
        with contextlib.suppress(OSError):  # no signal that may be handled: SIGKILL
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


main(sys.argv[1], sys.argv[2:])
