"""News of this floor."""

from django.dispatch import Signal

settings_changed = Signal()
"""``names`` of settings of metrics.md section 4 with another value now, ``by`` whom; before the commit."""
