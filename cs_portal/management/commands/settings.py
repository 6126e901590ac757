"""``manage.py settings``: print or set the workspace's settings, or store a file of them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.workspace import SettingError, change_settings, printed_settings
from kvi.health.services import HealthError, store_health

PARTS = ("settings", "health_models", "action_points", "overrides")


class Command(BaseCommand):
    help = "Print settings (all, or those named), set them with NAME=VALUE, or store a JSON file of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME[=VALUE]")
        parser.add_argument("--file", type=Path, help="JSON with settings, health_models, action_points, overrides")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = [text.partition("=") for text in options["names"]]
        try:
            with transaction.atomic():
                if options["file"]:
                    self._store(_read(options["file"]))
                change_settings({name: value for name, equals, value in asked if equals}, by=None)
                self._print([name for name, _equals, _value in asked], quiet=bool(options["file"]))
        except (SettingError, HealthError) as error:
            raise CommandError(str(error), returncode=2) from error

    def _store(self, parts: Mapping[str, Any]) -> None:
        settings = parts.get("settings", {})
        if not isinstance(settings, dict):
            raise SettingError("settings: expected an object")
        change_settings({name: _as_text(value) for name, value in settings.items()}, by=None)
        warnings = store_health(
            models=_as_list(parts, "health_models"),
            action_points=parts.get("action_points"),
            overrides=_as_list(parts, "overrides"),
            by=None,
        )
        for warning in warnings:
            self.stderr.write(warning)

    def _print(self, names: list[str], *, quiet: bool) -> None:
        known = printed_settings()
        unknown = [name for name in names if name not in known]
        if unknown:
            raise SettingError(f"{unknown[0]}: there is no such setting; there are {', '.join(known)}")
        if names or not quiet:
            for name in names or known:
                self.stdout.write(f"{name}={known[name]}")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        parts = json.loads(path.read_text(encoding="utf-8"), parse_float=str)
    except (OSError, ValueError, RecursionError) as error:
        raise SettingError(f"{path}: cannot be read as JSON: {error}") from error
    if not isinstance(parts, dict) or set(parts) - set(PARTS):
        raise SettingError(f"{path}: allowed: an object with {', '.join(PARTS)}")
    return parts


def _as_text(value: Any) -> str:
    """As it would be typed; what is neither text nor number stays as JSON, which no setting allows."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _as_list(parts: Mapping[str, Any], name: str) -> list[Any]:
    value = parts.get(name, [])
    if not isinstance(value, list):
        raise HealthError(f"{name}: expected a list")
    return value
