"""The soak plays on the same desk as the scenes."""

from tests.scenes.conftest import desk, home, settings

__all__ = ["desk", "home", "settings"]
