"""What a mapping says: sources, lookups, and which rule makes which column of which contract file."""

import fnmatch
import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from accounts.integrations.cells import Unfit, converter
from cs_portal.kit.filespec import FileSpec

from .conditions import Condition
from .errors import MappingError, listed
from .grouping import Group
from .rules import Constant, Rule, refuse_cycles, rule_at
from .sections import Section, sections_of
from .steps import Default, Words

SHIPPED = Path(__file__).parent / "shipped"
ENDING = ".toml"
MOST_LOOKUPS = 100
CUSTOM = re.compile(r"x_\w+")  # a custom field; which there are the workspace knows
FORMATS = ("csv", "jsonl")
ENCODINGS = ("utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15")


@dataclass(frozen=True)
class Source:
    """``files`` are names or patterns like ``events-*.jsonl``; all files that fit are read, in order of their names."""

    name: str
    files: tuple[str, ...]
    format: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ""
    optional: bool = False

    def among(self, names: Iterable[str]) -> list[str]:
        return sorted(name for name in names if any(fnmatch.fnmatchcase(name, pattern) for pattern in self.files))


@dataclass(frozen=True)
class Lookup:
    source: str
    key: Rule
    value: Rule


@dataclass(frozen=True)
class Target:
    """One source's rows as rows of one contract file."""

    spec: FileSpec
    source: str
    columns: Dict[str, Rule]
    where: tuple[Condition, ...] = ()
    group: Group | None = None
    optional: bool = False  # a file that lacks one of the columns has nothing for it

    def is_in(self, has: Callable[[str], bool]) -> bool:
        return not self.optional or all(rule.is_in(has) for rule in self.rules if not rule.optional)

    @property
    def rules(self) -> list[Rule]:
        return [*self.columns.values(), *(condition.rule for condition in self.where)]

    @property
    def lookups(self) -> set[str]:
        return {name for rule in self.rules for name in rule.lookups}


@dataclass(frozen=True)
class Mapping:
    name: str
    title: str
    sources: Dict[str, Source]
    targets: tuple[Target, ...]
    lookups: Dict[str, Lookup] = field(default_factory=dict)

    def lookups_of(self, target: Target) -> set[str]:
        """Also those that its lookups use."""
        found: set[str] = set()
        waiting = set(target.lookups)
        while waiting:
            name = waiting.pop()
            found.add(name)
            waiting |= set(_used_by(self.lookups[name])) - found
        return found


def shipped() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob(f"*{ENDING}"))


def read_mapping(name_or_path: str, specs: Sequence[FileSpec]) -> Mapping:
    """A shipped mapping by its name, or a file of one's own. Raises MappingError."""
    if name_or_path in shipped():
        path = SHIPPED / f"{name_or_path}{ENDING}"
    elif "/" in name_or_path or name_or_path.endswith(ENDING):
        path = Path(name_or_path)
    else:
        raise MappingError(
            f"No mapping {name_or_path!r} is shipped; name one of {listed(shipped())}, or the path of a file *.toml."
        )
    try:
        return parse(path.stem, sections_of(path), specs)
    except RecursionError:
        raise MappingError(f"{path.name}: Its rules are nested too deeply.") from None


def parse(name: str, section: Section, specs: Sequence[FileSpec]) -> Mapping:
    section.only("title", "source", "lookup", "target")
    sources = {key: _source(key, inner) for key, inner in section.named("source")}
    if not sources:
        raise section.refusal("A mapping needs at least one [source.NAME].")
    lookups = {key: _lookup(inner, sources) for key, inner in section.named("lookup")}
    if len(lookups) > MOST_LOOKUPS:
        raise section.refusal(f"A mapping has at most {MOST_LOOKUPS} lookups.", "lookup")
    targets = tuple(
        _target(inner, sources, {spec.name: spec for spec in specs}) for inner in section.numbered("target")
    )
    if not targets:
        raise section.refusal("A mapping needs at least one [[target]].")
    mapping = Mapping(name, section.text("title", name), sources, targets, lookups)
    _check_lookups(mapping, section)
    _check_columns_alike(mapping, section)
    return mapping


def _used_by(lookup: Lookup) -> tuple[str, ...]:
    return (*lookup.key.lookups, *lookup.value.lookups)


def _source(name: str, section: Section) -> Source:
    section.only("file", "format", "encoding", "delimiter", "optional")
    files = section.texts("file")
    if not files or any("/" in file or "\\" in file or not file for file in files):
        raise section.refusal("Name the file, without a folder; * stands for any part of its name.", "file")
    usual = "jsonl" if files[0].endswith((".jsonl", ".ndjson", ".json")) else "csv"
    return Source(
        name, files, section.choice("format", FORMATS, usual), section.choice("encoding", ENCODINGS, "utf-8"),
        section.choice("delimiter", (",", ";", "\t", "|", ""), ""), section.flag("optional"),
    )  # fmt: skip


def _lookup(section: Section, sources: Dict[str, Source]) -> Lookup:
    section.only("source", "key", "value")
    return Lookup(_source_name(section, sources), rule_at(section, "key"), rule_at(section, "value"))


def _source_name(section: Section, sources: Dict[str, Source]) -> str:
    return section.choice("source", tuple(sources), "")


def _target(section: Section, sources: Dict[str, Source], specs: Dict[str, FileSpec]) -> Target:
    section.only("file", "source", "where", "columns", "group", "optional")
    spec = specs[section.choice("file", tuple(specs), "")]
    section.place += f" ({spec.name})"
    columns = _columns(section.section("columns"), spec)
    where = tuple(Condition.parse(inner) for inner in section.numbered("where"))
    group = Group.parse(section.section("group"), spec, tuple(columns)) if "group" in section else None
    return Target(spec, _source_name(section, sources), columns, where, group, section.flag("optional"))


def _columns(section: Section, spec: FileSpec) -> dict[str, Rule]:
    for name in section.values:
        if name not in spec.names and not (spec.extend and CUSTOM.fullmatch(name)):
            raise section.refusal(f"{spec.name} has no column {name!r}; it has {listed(spec.names)}.")
    missing = [column.name for column in spec.columns if column.required and column.name not in section]
    if missing:
        raise section.refusal(f"{spec.name} cannot be without {listed(missing)}; say where it comes from.")
    order = [*spec.names, *(name for name in section.values if name not in spec.names)]
    rules = {name: rule_at(section, name) for name in order if name in section}
    for name in set(rules) & set(spec.names):
        _check_texts(section, spec, name, rules[name])
    return rules


def _check_texts(section: Section, spec: FileSpec, name: str, rule: Rule) -> None:
    """What a mapping says itself must be what the contract takes there."""
    column = spec.column(name)
    if column.required and rule.optional:
        raise section.refusal("The contract needs this column; it cannot be optional.", name)
    fit = converter(column, ZoneInfo("UTC"))
    for text in _own_texts(rule):
        try:
            if text.strip():
                fit(text.strip())
        except Unfit:
            allowed = f"; allowed are {listed(column.words)}" if column.words else ""
            raise section.refusal(f"{text!r} is nothing that the contract takes here{allowed}.", name) from None


def _own_texts(rule: Rule) -> list[str]:
    """The values that the mapping itself says, as they reach the contract."""
    steps = list(rule.steps)
    last = steps.pop() if steps and isinstance(steps[-1], Default) else None
    texts = [last.text] if isinstance(last, Default) else []
    if steps and isinstance(steps[-1], Words):
        return [*texts, *steps[-1].words.values()]
    return [*texts, rule.origin.text] if not steps and isinstance(rule.origin, Constant) else texts


def _check_lookups(mapping: Mapping, section: Section) -> None:
    used = {name for target in mapping.targets for name in target.lookups}
    used |= {name for lookup in mapping.lookups.values() for name in _used_by(lookup)}
    for name in sorted(used - set(mapping.lookups)):
        raise section.refusal(f"There is no [lookup.{name}]; there are {listed(mapping.lookups)}.")
    try:
        refuse_cycles({name: _used_by(lookup) for name, lookup in mapping.lookups.items()})
    except MappingError as circle:
        raise section.refusal(f"These lookups wait for each other: {circle}.", "lookup") from None


def _check_columns_alike(mapping: Mapping, section: Section) -> None:
    """A column that one of several targets leaves out would be emptied by it."""
    first: dict[str, Target] = {}
    for target in mapping.targets:
        other = first.setdefault(target.spec.name, target)
        differing = sorted(set(other.columns) ^ set(target.columns))
        if differing:
            message = f"Several targets make {target.spec.name}; each must say {listed(differing)}, or none."
            raise section.refusal(message, "target")
        if other.group != target.group:
            raise section.refusal(f"Several targets make {target.spec.name}; each needs the same group.", "target")
