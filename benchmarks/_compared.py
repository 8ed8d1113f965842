"""Libraries that we only compare ourselves with: kept apart from ours, installed when a measurement asks for them."""

import shutil
import subprocess
import sys
import tomllib
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".local" / "bench" / f"python{sys.version_info.major}.{sys.version_info.minor}"


def bring(*modules: str) -> bool:
    """Make modules of the `bench` group in pyproject.toml importable; says whether it worked. Ours take precedence."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    sys.path.append(str(FOLDER))
    if not all(find_spec(module) for module in modules):
        _install()
    return all(find_spec(module) for module in modules)


def _install() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]["bench"]
    uv = shutil.which("uv")
    tools = [[uv, "pip", "install", "--python", sys.executable]] if uv else []
    tools.append([sys.executable, "-m", "pip", "install", "--disable-pip-version-check"])
    for tool in tools:
        done = subprocess.run([*tool, "--quiet", "--target", str(FOLDER), *wanted], capture_output=True, text=True)
        if done.returncode == 0:
            invalidate_caches()
            return
    print(f"Could not install {', '.join(wanted)}:\n{done.stderr.strip()}", file=sys.stderr)
