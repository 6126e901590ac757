"""What a load says about each file: counts, rejections, warnings."""

from dataclasses import dataclass, field

MOST_FINDINGS = 1000  # per file
LONGEST_VALUE = 100

MESSAGES = {
    "malformed_row": "The row has not as many fields as the header, or its quotes are not closed; mend the line.",
    "missing_value": "A value is required here; fill it in.",
    "bad_value": "This is not {a}; correct it.",
    "out_of_range": "The number or date lies outside its range ({a}); correct it.",
    "too_long": "The text is too long ({a}); shorten it.",
    "nonexistent_time": "The clocks skip this time in the workspace's zone; give an existing one or an offset.",
    "unknown_reference": "No such row in {a}; load it first or correct the id.",
    "duplicate_key": "An earlier row of this file has the same key; keep one of them.",
}
KINDS = {
    "id": "an id of 1 to 100 characters",
    "str": "a text of at most 255 characters",
    "text": "a text of at most 10,000 characters",
    "int": "a whole number of 32 bit, not negative",
    "dec": "a number with decimal point, at most 18 digits before and 10 after it, not negative",
    "bool": "true, false, 1 or 0",
    "date": "a date YYYY-MM-DD from 1970 to 2199",
    "ts": "a time YYYY-MM-DDTHH:MM:SS with or without offset, from 1970 to 2199",
    "cur": "a currency code of ISO 4217 in capitals",
    "list": "values joined by |",
    "shares": "numbers joined by |",
    "path": "pairs date:share joined by |",
    "object": "a JSON object of at most 10,000 characters",
}


def kind_text(type_: str, *, words: tuple[str, ...] = (), signed: bool = False) -> str:
    if words:
        return "one of " + ", ".join(words)
    return KINDS[type_].replace(", not negative", "") if signed else KINDS[type_]


def shown(value: str) -> str:
    """Cut to 100 characters; whatever would break the line or the terminal is escaped."""
    return in_one_line(value[:LONGEST_VALUE])


def in_one_line(text: str) -> str:
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


@dataclass(frozen=True)
class Finding:
    """A rejection or a warning; ``column`` is empty where the whole row or file is meant."""

    file: str
    line: int
    column: str
    code: str
    value: str
    message: str

    def __str__(self) -> str:
        place = f"{in_one_line(self.file)}:{self.line}:{shown(self.column)}"
        return f'{place}:{self.code}: "{shown(self.value)}" {self.message}'


@dataclass
class FileOutcome:
    """``findings`` are the first 1000: warnings, then rejections by line; ``left_out`` counts the rest.

    ``refused``: the file as a whole.
    """

    name: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    findings: list[Finding] = field(default_factory=list)
    left_out: int = 0
    refused: bool = False
    warnings: int = 0

    def warn(self, column: str, code: str, value: str, message: str) -> None:
        self.warnings += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(self.name, 1, column, code, value, message))
        else:
            self.left_out += 1

    @property
    def counts(self) -> str:
        return (
            f"{self.name} created={self.created} updated={self.updated} "
            f"unchanged={self.unchanged} rejected={self.rejected}"
        )

    @property
    def is_clean(self) -> bool:
        return not self.rejected and not self.refused


@dataclass
class LoadOutcome:
    """``files`` in load order; ``warnings`` are about files whose names nobody knows."""

    files: list[FileOutcome] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    stored: bool = False

    @property
    def is_clean(self) -> bool:
        """Nothing was rejected."""
        return all(file.is_clean for file in self.files)

    @property
    def has_warnings(self) -> bool:
        return bool(self.warnings) or any(file.warnings for file in self.files)
