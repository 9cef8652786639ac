"""What the environments, the lock and the modules promise, read from the files themselves."""

import ast
import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from cxlib import PROJECT

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())
LOCK = (PROJECT / "requirements.lock").read_text()

CONDA_NAMES = {
    "duckdb": "python-duckdb",
    "jupyter-client": "jupyter_client",
    "jupyter-core": "jupyter_core",
    "matplotlib": "matplotlib-base",
    "types-PyYAML": "types-pyyaml",
}

# pip brings it with the package itself: conda-forge may not have it.
PIP_ONLY = {"axe-playwright-python", "persiantools", "playwright", "stepmix"}

METHODS = {
    "servqual",
    "satisfaction",
    "weighting",
    "drivers",
    "purchases",
    "rfm",
    "segmentation",
    "migration",
    "needs",
    "churn",
    "clv",
    "quality",
}

# The arrows of ARCHITECTURE.md: what each module may import.
ARROWS = {
    "__init__": set(),
    "calendars": set(),
    "persian": set(),
    "engine": set(),
    "privacy": {"engine", "inference"},
    "instruments": set(),
    "contracts": {"engine", "instruments", "privacy"},
    "selection": {"contracts"},
    "locations": {"engine"},
    "notation": {"contracts", "engine"},
    "transactions": {"contracts", "engine"},
    "subscriptions": {"calendars", "contracts", "engine"},
    "sources": {
        *("contracts", "engine", "instruments", "locations", "notation", "privacy", "selection"),
        *("subscriptions", "transactions"),
    },
    "door": {
        *("contracts", "engine", "notation", "privacy", "selection", "sources", "subscriptions"),
        *("transactions", "waves"),
    },
    "tables": {
        *("contracts", "door", "engine", "instruments", "privacy", "selection", "sources"),
        "subscriptions",
    },
    "corrections": set(),
    "waves": set(),
    "inference": {"corrections"},
    "formulas": set(),
    "workbook": set(),
    "figures": {"formulas", "persian"},
    "plots": {"calendars", "figures", "persian"},
    "results": {"engine", "formulas", "privacy", "workbook"},
    "simulate": set(),
    "pages": {"persian"},
    "runs": {"corrections", "engine", "pages", "privacy", "sources", "tables"},
    "stability": set(),
    "checking": {"contracts", "tables"},
    "proposing": {
        *("calendars", "contracts", "engine", "instruments", "sources", "transactions"),
    },
    "cli_sources": {"contracts", "engine", "proposing", "tables"},
    "increments": {"engine", "privacy", "purchases", "tables"},
    "cli": {
        *("checking", "cli_sources", "contracts", "increments", "pages", "privacy", "runs"),
        "tables",
    },
} | {method: {"inference"} for method in METHODS}
ARROWS["churn"] |= {"calendars", "privacy", "stability"}
ARROWS["needs"] |= {"privacy"}
ARROWS["servqual"] |= {"waves"}
ARROWS["quality"] |= {"engine", "figures", "plots", "stability"}
for dated in ("clv", "purchases", "satisfaction"):
    ARROWS[dated] |= {"calendars"}


def requirements(lines):
    return {one.name: one.specifier for one in map(Requirement, lines)}


def python_requirements():
    project = PYPROJECT["project"]["dependencies"]
    return requirements([*project, *PYPROJECT["dependency-groups"]["dev"]])


def test_environment_yml_equals_pyproject():
    *lines, package = yaml.safe_load((PROJECT / "environment.yml").read_text())["dependencies"]
    python = f"python{PYPROJECT['project']['requires-python']}"
    expected = {
        CONDA_NAMES.get(name, name): one
        for name, one in python_requirements().items()
        if name not in PIP_ONLY
    }
    assert requirements(lines) == expected | requirements([python, "pip"])
    assert package == {"pip": ["-e ."]}


def test_conda_names_are_those_of_requirements():
    assert set(CONDA_NAMES) <= set(python_requirements())


def test_specifier_sets_are_compared_and_not_their_text():
    assert SpecifierSet(">=3.0,<4") == SpecifierSet("<4,>=3.0")
    assert SpecifierSet(">=3") != SpecifierSet(">=3.1")


def locked():
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    return {re.split(r"[=\[ ]", entry, maxsplit=1)[0]: entry for entry in entries}


def test_every_line_of_the_lock_is_exact_and_hashed():
    for name, entry in locked().items():
        assert re.match(r"\S+==\S+", entry), name
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), name


def test_the_lock_names_no_address():
    assert not re.search(r"https?:|//|index-url|find-links|--trusted|@ ", LOCK)


def test_the_lock_holds_every_requirement_at_an_allowed_version():
    entries = {name.lower().replace("_", "-"): entry for name, entry in locked().items()}
    for name, specifiers in python_requirements().items():
        found = re.findall(
            rf"(?m)^{re.escape(name)}==([^\s;]+)", entries.get(name.lower(), ""), re.I
        )
        assert found, f"{name} is not in the lock: make lock"
        assert all(specifiers.contains(version) for version in found), name


def modules():
    return sorted((PROJECT / "cxlib").rglob("*.py"))


def room(path):
    """The module of the drawing that a file belongs to: a package is one."""
    return path.relative_to(PROJECT / "cxlib").with_suffix("").parts[0]


def imported(tree):
    """The modules of cxlib that a module imports."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "cxlib":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cxlib."):
            names.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name.startswith("cxlib")}
        elif isinstance(node, ast.ImportFrom) and node.level:
            names.add("a relative import")
    return names - {"PROJECT", "__version__"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_imports_follow_the_arrows(path):
    assert imported(ast.parse(path.read_text())) - {room(path)} <= ARROWS[room(path)]


# It takes seconds to import, and not every report that uses its module needs it.
IMPORTED_LATE = {"shap"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_imports_stand_at_the_top(path):
    tree = ast.parse(path.read_text())
    inner = [
        f"line {node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and node not in tree.body
        if node.names[0].name not in IMPORTED_LATE
    ]
    assert inner == []


def test_the_arrows_are_found_when_they_are_there():
    tree = ast.parse("from cxlib import PROJECT, clv\nfrom cxlib.rfm import x\nimport cxlib.churn")
    assert imported(tree) == {"clv", "rfm", "cxlib.churn"}


def test_every_module_has_its_arrows():
    assert {room(path) for path in modules()} == set(ARROWS)
