"""Which inputs are samples that come with the project, so that their pages can say so."""

from collections.abc import Iterable, Mapping
from typing import Any

# The SHA-256 of the files in data/raw: a sample is known under whatever name and place it has, and
# a file of one's own that has taken the place of a sample is none.
SAMPLES = frozenset(
    {
        "e5eb85c39ff503ae264a3ec3d7316a3375f7736b7146cbe8f0c3e05ad4b363f1",  # cdnow_sample
        "710191f16bf75a65a3c6efeb19da6bfea0308b6a76374f2cda2e63c73584aeef",  # feedback
        "cfc6db01d21e89f5b6b91329d689321f9f1055c37a90ed2ed0f3067eb42b0456",  # indices
        "10441d6c6655849d5ea0fc720a3685b59d55b8572fe1c374e7e840689dc15389",  # servqual_internal
        "26a2c25a915e2d7b5e50d7bfa3201a0d7ba869fd56dad057dcacfb1317e20d4e",  # servqual
        "5051a419c8deed8c24d68cc1accf23ad3285cc6c6f8f0bd95fc44bfa1b3fe83d",  # subscription_months
        "50bc3664f8a1563ab4ed616170d372f5fb40fe7ad0a604922038b96e9d93a602",  # subscriptions
        "0bb15b92e0dfc98e192d6c3e2ea0a431b55811918acc4c77d57b446ca0840ab0",  # telco_churn
    }
)


def sample_inputs(inputs: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names of those inputs of a report that are samples of the project, in order."""
    return [one["input"] for one in inputs if one["sha256"] in SAMPLES]
