"""News of this room, sent on commit with a batch of ids."""

from django.dispatch import Signal

responses_submitted = Signal()
"""``ids`` of answers that somebody has just given on the answer page; a load announces nothing."""
