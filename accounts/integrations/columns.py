"""A column of some rows at once: what its cells become, as ``cells`` says it, but each different text only once."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cs_portal.kit.filespec import Column

from .cells import LONGEST, Converter, Unfit, converter

NULL = r"\N"
Problems = dict[int, str]  # the code by the cell's place


@dataclass(frozen=True)
class ColumnReader:
    """``empty`` is what an empty cell means (None: it must not be), ``longest`` is set for plain texts.

    ``various``: its cells are hardly ever alike, looking for those that are does not pay.
    """

    convert: Converter
    empty: str | None
    longest: int | None
    various: bool

    @classmethod
    def of(cls, column: Column, zone: ZoneInfo) -> "ColumnReader":
        convert = converter(column, zone)
        empty = NULL if column.default is None else convert(column.default)
        return cls(convert, None if column.required else empty, LONGEST.get(column.type), column.type == "ts")

    def read(self, cells: Sequence[str]) -> tuple[Sequence[str], Problems]:
        """The texts for COPY, with null for cells that are unfit, and these."""
        stripped = list(map(str.strip, cells))
        if self.longest is not None and _is_plain(stripped, self.longest):
            if "" not in stripped:
                return stripped, {}
            if self.empty is not None:
                return [cell or self.empty for cell in stripped], {}
        if self.various:
            with suppress(Unfit):
                return list(map(self._text, stripped)), {}
        return self._converted(stripped)

    def _converted(self, cells: list[str]) -> tuple[list[str], Problems]:
        known: dict[str, str] = {}
        unfit: dict[str, str] = {}
        for text in set(cells):
            try:
                known[text] = self._text(text)
            except Unfit as problem:
                unfit[text] = problem.code
        if not unfit:
            return [known[cell] for cell in cells], {}
        problems = {place: unfit[cell] for place, cell in enumerate(cells) if cell in unfit}
        return [known.get(cell, NULL) for cell in cells], problems

    def _text(self, text: str) -> str:
        if text:
            return self.convert(text)
        if self.empty is None:
            raise Unfit("missing_value")
        return self.empty


def _is_plain(cells: list[str], longest: int) -> bool:
    """Short enough, and COPY takes them as they are."""
    together = "".join(cells)
    return together.isprintable() and "\\" not in together and max(map(len, cells)) <= longest
