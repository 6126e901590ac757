"""A mapping's file as sections that are read strictly: whatever is not known is refused, with its place."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .errors import MappingError, listed

LARGEST = 1 << 20


def sections_of(path: Path) -> "Section":
    """The whole file as one section. Raises MappingError when it is no TOML."""
    try:
        if not path.is_file():
            raise MappingError(f"{path}: There is no such file.")
        if path.stat().st_size > LARGEST:
            raise MappingError(f"{path}: A mapping has at most 1 MiB.")
        return section_of(path.name, path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise MappingError(f"{path}: The file is not UTF-8 (byte {error.start + 1}); save it as UTF-8.") from None
    except ValueError as error:  # a NUL in the path
        raise MappingError(f"{path}: There is no such file: {error}.") from None
    except OSError as error:
        raise MappingError(f"{path}: The file cannot be read: {error.strerror}.") from None


def section_of(name: str, text: str) -> "Section":
    """The same of a text that is no file, e.g. one that is kept in the database."""
    try:
        return Section(name, "", tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        raise MappingError(f"{name}: This is no TOML: {error}.") from None


class Section:
    def __init__(self, file: str, place: str, values: dict[str, Any]) -> None:
        self.file, self.place, self.values = file, place, values

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def refusal(self, message: str, key: str = "") -> MappingError:
        place = ".".join(part for part in (self.place, key) if part)
        return MappingError(f"{self.file}{f', {place}' if place else ''}: {message}")

    def only(self, *allowed: str) -> None:
        for key in self.values:
            if key not in allowed:
                raise self.refusal(f"Nobody knows {key!r} here; known are {listed(allowed)}.")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.values.get(key, default)
        if not isinstance(value, str):
            raise self.refusal("A text is needed here.", key)
        return value

    def choice(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise self.refusal(f"{value!r} is not allowed; allowed are {listed(allowed)}.", key)
        return value

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.refusal("true or false is needed here.", key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text alone is a list of one."""
        value = self.values.get(key, [])
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            raise self.refusal("A text or a list of texts is needed here.", key)
        return tuple(found)

    def section(self, key: str) -> "Section":
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.refusal("A table is needed here.", key)
        return Section(self.file, ".".join(part for part in (self.place, key) if part), value)

    def named(self, key: str) -> Iterator[tuple[str, "Section"]]:
        """The tables ``[key.NAME]``."""
        inner = self.section(key)
        for name in inner.values:
            yield name, inner.section(name)

    def numbered(self, key: str) -> Iterator["Section"]:
        """The tables of ``[[key]]``, counted from 1 as a person would."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
            raise self.refusal("A list of tables is needed here.", key)
        place = f"{self.place}." if self.place else ""
        for number, table in enumerate(value, 1):
            yield Section(self.file, f"{place}{key} {number}", table)
