"""Customer-experience analytics: the library under the notebooks."""

from pathlib import Path

__version__ = "0.1.0"

PROJECT = Path(__file__).resolve().parents[1]
