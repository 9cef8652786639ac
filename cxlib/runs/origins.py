"""What goes into a report: code, libraries, parameters and inputs, and one hash over all of it."""

import hashlib
import importlib.metadata
import json
import platform
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cxlib import PROJECT, __version__, engine
from cxlib.runs.parameters import Value
from cxlib.runs.publishing import file_hash


def code_version() -> dict[str, Any]:
    """The package's version and the hash of its files; the commit, in a git repository."""
    version: dict[str, Any] = {
        "cxlib": __version__,
        "sha256": _code_hash(),
        "commit": None,
        "modified": None,
    }
    git = shutil.which("git")
    if git and (PROJECT / ".git").exists():
        commit = _output(git, "rev-parse", "HEAD")
        if commit:
            changes = _output(git, "status", "--porcelain", "--untracked-files=no")
            version |= {"commit": commit, "modified": bool(changes)}
    return version


def library_versions() -> dict[str, str]:
    """The installed versions of what the package itself depends on."""
    versions = {}
    for line in importlib.metadata.requires("cxlib") or []:
        name = re.split(r"[^\w.-]", line, maxsplit=1)[0]
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            # One that this platform does without.
            continue
    return versions


def fingerprint(
    notebook: Path, values: Mapping[str, Value], paths: Iterable[str], code: Mapping[str, Any]
) -> str:
    """The hash of all that a report depends on; "" where an input cannot be hashed.

    Of the notebook, the package's code (`code`, from `code_version`), Python and the libraries,
    the engine that the environment asks for, the parameters, and the files they lead to: `paths`,
    the values that name a file or a folder, and whatever file a TOML file among them names in turn
    (inputs, questionnaires). An address of a database cannot be hashed, and what a notebook opens
    by a name of its own is not known.
    """
    files: dict[str, str] = {}
    for text in paths:
        if (PROJECT / text).is_dir():
            files |= _in_folder(text)
        elif not _add_files(text, PROJECT, files):
            return ""
    content = {
        "notebook": file_hash(notebook),
        "code": code["sha256"],
        "python": platform.python_version(),
        "libraries": library_versions(),
        "engine": engine.asked_by_environment(),
        "parameters": dict(values),
        "files": files,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _add_files(text: str, folder: Path, files: dict[str, str]) -> bool:
    """Add the hash of the file that a text names, if it names one; False for an address."""
    if re.match(r"\w+://", text):
        return False
    path = folder / text
    try:
        found = path.is_file()
    except OSError:
        # Too long for a name: a text.
        return True
    if not found or text in files:
        return True
    files[text] = file_hash(path)
    if path.suffix == ".toml":
        return all(_add_files(named, path.parent, files) for named in _texts(_read_toml(path)))
    return True


def _in_folder(text: str) -> dict[str, str]:
    files = sorted(one for one in (PROJECT / text).rglob("*") if one.is_file())
    return {one.relative_to(PROJECT / text).as_posix(): file_hash(one) for one in files}


def _read_toml(path: Path) -> object:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # What is wrong with it is told by the report.
        return {}


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str) and not re.fullmatch(r"[./]*", content):
        yield content
    elif isinstance(content, dict):
        for one in content.values():
            yield from _texts(one)
    elif isinstance(content, list):
        for one in content:
            yield from _texts(one)


def _code_hash() -> str:
    """One hash over the package's files, whatever folder they are in."""
    package = PROJECT / "cxlib"
    whole = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            whole.update(f"{path.relative_to(package).as_posix()}\0{file_hash(path)}\n".encode())
    return whole.hexdigest()


def _output(*command: str) -> str:
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
