"""The editor of nested conditions: a form that works without JavaScript, one round trip for each step.

Each group and condition is named by its path (``0.1`` is the second part of the first part). A button adds a condition
of a field to a group, adds a group, or drops a part; the last one applies them all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from .conditions import DEEPEST, EMPTY, GROUPS, MOST, OPERATORS, BadConditions, Condition, Field, Group, Node, check
from .words import choices_of

ROOT = "r"


@dataclass(frozen=True)
class Row:
    """A condition in the editor."""

    path: str
    field: Field
    operator: str
    value: str
    choices: Sequence[tuple[str, Any]]
    error: str = ""

    @property
    def operators(self) -> list[tuple[str, Any]]:
        return list(OPERATORS[self.field.kind].items())

    @property
    def takes(self) -> str:
        """Which kind of input its value has."""
        return {"day": "date", "moment": "date", "number": "number"}.get(self.field.kind, "text")


@dataclass(frozen=True)
class Box:
    """A group in the editor."""

    path: str
    operator: str
    parts: tuple["Box | Row", ...] = ()
    depth: int = 1

    @property
    def operators(self) -> list[tuple[str, Any]]:
        return list(GROUPS.items())

    @property
    def may_nest(self) -> bool:
        return self.depth < DEEPEST


@dataclass
class Editor:
    """``fields`` with their choices are those of the list; ``problem`` is a sentence about the whole."""

    fields: Mapping[str, Field]
    rows: Any
    user: Any
    problem: str = ""
    known: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)

    def of(self, node: Node | None) -> Box:
        """The tree of the conditions that a URL holds."""
        found = self._part(ROOT, node or Group("and", ()), 1)
        return found if isinstance(found, Box) else Box(ROOT, "and", (replace(found, path=f"{ROOT}.0"),))

    def read(self, data: Mapping[str, Any]) -> Box:
        """The tree as the form has it."""
        return self._box(ROOT, data, 1)

    def stepped(self, tree: Box, data: Mapping[str, Any]) -> Box:
        """The tree after the button that was pressed; the paths are counted anew."""
        node = _edited(tree, data, self)
        return self.of(node) if node is not None else Box(ROOT, "and")

    def checked(self, tree: Box) -> tuple[Box, Group | None]:
        """Each condition with what is wrong with it; and the conditions when nothing is (empty groups do not count)."""
        marked = self._marked(tree)
        if any(row.error for row in rows_of(marked)):
            return marked, None
        node = _node(marked)
        return marked, node if isinstance(node, Group) else Group("and", ())

    def _part(self, path: str, node: Node, depth: int) -> Box | Row:
        if isinstance(node, Condition):
            return self._row(path, node.field, node.operator, node.value)
        parts = tuple(self._part(f"{path}.{place}", part, depth + 1) for place, part in enumerate(node.parts))
        return Box(path, node.operator, parts, depth)

    def _box(self, path: str, data: Mapping[str, Any], depth: int) -> Box:
        operator = data.get(f"op:{path}", "and")
        parts: list[Box | Row] = []
        for place in range(MOST):
            inner = f"{path}.{place}"
            name = data.get(f"field:{inner}", "")
            if name in self.fields:
                operator_of, value = data.get(f"operator:{inner}", ""), data.get(f"value:{inner}", "")
                parts.append(self._row(inner, name, operator_of, value))
            elif f"op:{inner}" in data and depth < DEEPEST:
                parts.append(self._box(inner, data, depth + 1))
        return Box(path, operator if operator in GROUPS else "and", tuple(parts), depth)

    def _row(self, path: str, name: str, operator: str, value: str) -> Row:
        offered = self.fields[name]
        if operator not in OPERATORS[offered.kind]:
            operator = next(iter(OPERATORS[offered.kind]))
        return Row(path, offered, operator, value[:300], self.choices(offered))

    def choices(self, offered: Field) -> list[tuple[str, Any]]:
        if offered.name not in self.known:
            self.known[offered.name] = choices_of(offered, self.rows, self.user)
        return self.known[offered.name]

    def _marked(self, part: Any) -> Any:
        if isinstance(part, Box):
            return replace(part, parts=tuple(map(self._marked, part.parts)))
        try:
            check(Condition(part.field.name, part.operator, part.value), self.fields)
        except BadConditions as bad:
            return replace(part, error=str(bad))
        return part


def rows_of(part: Box | Row) -> Iterator[Row]:
    if isinstance(part, Row):
        yield part
    else:
        for inner in part.parts:
            yield from rows_of(inner)


def _node(part: Box | Row) -> Node | None:
    """Without groups that hold nothing."""
    if isinstance(part, Row):
        return Condition(part.field.name, part.operator, "" if part.operator in EMPTY else part.value)
    parts = tuple(node for inner in part.parts if (node := _node(inner)) is not None)
    return Group(part.operator, parts) if parts else None


def _edited(part: Box | Row, data: Mapping[str, Any], editor: Editor) -> Node | None:
    if part.path == data.get("drop"):
        return None
    if isinstance(part, Row):
        return Condition(part.field.name, part.operator, part.value)
    parts = [node for inner in part.parts if (node := _edited(inner, data, editor)) is not None]
    return Group(part.operator, (*parts, *_added(part, data, editor)))


def _added(box: Box, data: Mapping[str, Any], editor: Editor) -> Iterator[Node]:
    if data.get("nest") == box.path and box.may_nest:
        yield Group("or" if box.operator == "and" else "and", ())
    if data.get("add") != box.path:
        return
    name = data.get(f"new:{box.path}", "")
    if name not in editor.fields:
        editor.problem = _("Please choose what to filter by.")
    elif sum(1 for key in data if key.startswith("field:")) >= MOST:
        editor.problem = _("Please use at most %(most)s conditions.") % {"most": MOST}
    else:
        yield Condition(name, next(iter(OPERATORS[editor.fields[name].kind])))
