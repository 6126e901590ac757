from .bulk import bulk, bulk_undo
from .conditions import conditions
from .saved import density, view_overwrite, view_page, view_remove, view_restore, view_save

__all__ = [
    "bulk",
    "bulk_undo",
    "conditions",
    "density",
    "view_overwrite",
    "view_page",
    "view_remove",
    "view_restore",
    "view_save",
]
