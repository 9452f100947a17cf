"""The wording of refusals: reason and details → the data of card `refusal` (texts: templates/refusals.yaml)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from pydantic import BaseModel, ConfigDict, TypeAdapter

from templates.files import read_yaml
from templates.render import write_text

FILE = Path(__file__).parent / "refusals.yaml"
OTHERWISE = "otherwise"

log = structlog.get_logger(__name__)


class Wording(BaseModel):
    """What is wrong, and what to do instead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str
    remedy: str


@cache
def wordings() -> dict[str, Wording]:
    """The wording of every reason; raises OSError, yaml.YAMLError or pydantic.ValidationError."""
    return TypeAdapter(dict[str, Wording]).validate_python(read_yaml(FILE))


def refusal_data(reason: str, details: Mapping[str, Any]) -> dict[str, str]:
    """The data of card `refusal`. Never raises: a reason without (usable) wording becomes the general one."""
    try:
        return worded(reason, details)
    except Exception as error:
        # Somebody waits for an answer; a mistake in the wording must not become silence.
        log.warning("refusal without wording", reason=reason, error=repr(error))
        return worded(OTHERWISE, {}) | {"reason": reason}


def worded(reason: str, details: Mapping[str, Any]) -> dict[str, str]:
    """The same, strictly; raises KeyError without wording, and what rendering raises."""
    wording = wordings()[reason]
    return {"reason": reason, "what": write_text(wording.what, details), "remedy": write_text(wording.remedy, details)}
