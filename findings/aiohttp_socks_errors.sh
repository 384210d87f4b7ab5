#!/usr/bin/env bash
# aiohttp-socks 0.12.0 with aiohttp 3.14.1: a proxy that cannot be reached, or refuses, raises errors
# that are no `aiohttp.ClientError`, although they come out of an aiohttp session. The connector's
# own error for an unreachable host is one.
#
# Expected: who catches `ClientError`, as aiohttp's documentation teaches, catches what the proxy's
# connector raises. As it is, one proxy that is down ends a program whose network errors are handled.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check aiohttp==3.14.1 aiohttp-socks==0.12.0

"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
import asyncio
import socket

from aiohttp import ClientError, ClientSession, TCPConnector
from aiohttp_socks import ProxyConnector


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def refusing(_, writer):
    writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
    await writer.drain()
    writer.close()


async def tried(name, connector):
    async with ClientSession(connector=connector) as session:
        try:
            await session.get(f"http://127.0.0.1:{closed_port()}/")
        except Exception as error:
            print(name, "->", type(error).__name__, "ClientError:", isinstance(error, ClientError))


async def main():
    server = await asyncio.start_server(refusing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await tried("no proxy, host down", TCPConnector())
    await tried("proxy down         ", ProxyConnector.from_url(f"socks5://127.0.0.1:{closed_port()}"))
    await tried("proxy refuses      ", ProxyConnector.from_url(f"http://127.0.0.1:{port}"))


asyncio.run(main())
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN' && echo "as stated"
no proxy, host down -> ClientConnectorError ClientError: True
proxy down          -> ProxyConnectionError ClientError: False
proxy refuses       -> ProxyError ClientError: False
SEEN
