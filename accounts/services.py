"""Writes on people, customers and the workspace."""

from accounts.models import Workspace
from cs_portal.kit.once import once
from cs_portal.metrics.base import WorkspaceSettings


@once
def workspace() -> Workspace:
    """The one row; made with its defaults when it does not exist yet."""
    row, created = Workspace.objects.get_or_create(singleton=True)
    if created:
        row.refresh_from_db()
    return row


@once
def workspace_settings() -> WorkspaceSettings:
    """The settings of metrics.md section 4 as plain values."""
    row = workspace()
    return WorkspaceSettings(**{name: getattr(row, name) for name in WorkspaceSettings.__dataclass_fields__})
