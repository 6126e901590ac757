"""``manage.py metrics [CODE ...] --period P``: the numbers on the command line (metrics.md, section 16)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kvi.metric_exports import WRITERS, written
from kvi.metric_requests import Words, understand
from kvi.scorecard import MetricRequestError


class Command(BaseCommand):
    help = "Print metrics of a period as JSON, CSV or a table."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("codes", nargs="*", metavar="CODE", help="code[:parameter]; default: all of the level")
        parser.add_argument("--period", help="YYYY-MM, YYYY, YYYY-Qn or D1..D2 (D2 no longer in it); required")
        parser.add_argument("--level", help="portfolio (default), segment, customer, user_group, survey, kvi or goal")
        parser.add_argument("--subject", help="external id (segment: its text); default: all of the level")
        parser.add_argument("--variant", help="name of a variant, or 'all'; default: the first")
        parser.add_argument("--as-of", help="YYYY-MM-DD, what was known then; default: today")
        parser.add_argument("--owner", metavar="E-MAIL", help="the portfolio of one owner's customers")
        parser.add_argument("--format", help=f"{', '.join(WRITERS)}; default: json")

    def handle(self, *args: Any, **options: Any) -> None:
        words = Words(**{name: options[name] for name in Words.__dataclass_fields__})
        try:
            text = written(understand(words, formats=tuple(WRITERS)))
        except MetricRequestError as error:
            named = f" ({error.attr})" if error.attr else ""
            raise CommandError(f"{error.code}{named}: {error.detail}", returncode=2) from error
        self.stdout.write(text, ending="")
