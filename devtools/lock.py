"""`./dev lock`: write `requirements.lock` anew from `pyproject.toml`."""

import os
import re
import shutil
import subprocess

from devtools.places import ROOT, Trouble

HEADER = """\
# Names, versions and hashes of everything that `./dev` installs, for every platform.
# Written by `./dev lock` from pyproject.toml. It holds no address: packages come from the machine's own registry.
"""


def run(arguments: list[str]) -> int:
    """Resolve all dependencies; `--upgrade` takes the newest versions, otherwise what is locked stays."""
    uv = shutil.which("uv")
    if uv is None:
        raise Trouble("`./dev lock` needs uv; the other commands do not.")
    target = ROOT / "requirements.lock"
    resolved = subprocess.run(
        [
            *(uv, "pip", "compile", "pyproject.toml", "--group", "dev", "--universal", "--python-version", "3.11"),
            *("--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"),
            *("--output-file", str(target), *arguments),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith("PIP_")},
    )
    if resolved.returncode != 0:
        raise Trouble(f"The dependencies do not resolve: {resolved.stderr.strip()}")
    body = "".join(line for line in target.read_text().splitlines(keepends=True) if not line.startswith(("#", "--")))
    if re.search(r"://|@ ", body):
        raise Trouble("The lock file came out with an address in it; see which dependency in pyproject.toml has one.")
    target.write_text(HEADER + body)
    return 0
