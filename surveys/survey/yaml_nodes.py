"""YAML as nodes that remember their place; a survey file is hostile input.

Only plain data passes: no tags, no repeated keys, no bombs of depth or aliases.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from surveys.errors import Problem, SurveyInvalid
from surveys.messages import Message, mark

MAX_BYTES = 256 * 1024
_MAX_DEPTH = 30
_MAX_NODES = 20_000

Location = tuple[int | str, ...]
_PREFIX = "tag:yaml.org,2002:"
_HINTS = {
    "cannot start any token": mark(
        "Indent with spaces, not tabs, and put texts that begin with a special character in quotes."
    ),
    "mapping values are not allowed": mark(
        "Put a text that contains a colon in quotes, and check the indentation."
    ),
    "expected <block end>": mark(
        "Check the indentation: fields that belong together begin in one column."
    ),
    "could not find expected ':'": mark("Write a colon and a space after the field's name."),
    "expected ',' or": mark(
        "Put a text that contains ? , : [ or { in quotes, or on a line of its own."
    ),
    "undefined alias": mark("Define this anchor with & before using it with *."),
    "expected a single document": mark("Keep one survey in a file: remove the line with ---."),
}


class _Loader(yaml.SafeLoader):
    """The composer with a limit on depth, so that it cannot exhaust the stack."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=self.get_mark())
        node: yaml.Node | None = super().compose_node(parent, index)  # type: ignore[arg-type]  # its stub lacks None
        self._depth -= 1
        return node


def compose(text: str, first: str = "key: …") -> yaml.MappingNode:
    """Return the file's root node; raises SurveyInvalid for what is no YAML mapping.

    `first` is the field that such a file begins with.
    """
    text = text.removeprefix("\ufeff")
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        message = Message(
            "The file is too large: keep it within {limit} kB.", {"limit": MAX_BYTES // 1024}
        )
        raise _invalid(1, 1, message)
    try:
        node = _Loader(text).get_single_node()
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise _invalid(line, column, Message("Remove this control character.")) from error
    except yaml.MarkedYAMLError as error:
        raise _syntax(error) from error
    except (ValueError, OverflowError) as error:
        message = Message("A number or an escaped character is out of range.")
        raise _invalid(1, 1, message) from error
    if not isinstance(node, yaml.MappingNode):
        message = Message(
            "Write the fields here, each on its line, beginning with {first}", {"first": first}
        )
        raise _invalid(1, 1, message)
    return node


_OURS: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads files that come with the program; libyaml takes a seventh of the time.

Never for what somebody sends: libyaml's depth has no limit.
"""


def ours(text: str) -> object:
    """Return what a file that comes with the program says."""
    return yaml.load(text, _OURS)  # noqa: S506 - both are safe


def compose_ours(text: str) -> yaml.Node:
    """Return the root node of a file that comes with the program."""
    node: yaml.Node = _OURS(text).get_single_node()
    return node


def _invalid(line: int, column: int, message: Message) -> SurveyInvalid:
    return SurveyInvalid((Problem(line, column, "file", message),))


def _syntax(error: yaml.MarkedYAMLError) -> SurveyInvalid:
    mark = error.problem_mark or error.context_mark
    said = f"{error.problem or ''} {error.context or ''}"
    hint = next((hint for sign, hint in _HINTS.items() if sign in said), "")
    message = (
        Message(hint)
        if hint
        else Message(
            "This is not YAML: {said}.", {"said": printable(error.problem or said.strip())}
        )
    )
    return _invalid(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, message)


@dataclass(slots=True)
class NodeReading:
    """Plain data out of nodes, with the mistakes found on the way."""

    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0

    def read(self, node: yaml.Node, depth: int = 0) -> object:
        """Return the node as dict, list or scalar; raises SurveyInvalid for an alias bomb."""
        self.nodes += 1
        if depth > _MAX_DEPTH or self.nodes > _MAX_NODES:
            mark = node.start_mark
            message = Message("This is too much for one file: shorten it, or use fewer aliases.")
            raise _invalid(mark.line + 1, mark.column + 1, message)
        if isinstance(node, yaml.MappingNode) and node.tag == _PREFIX + "map":
            return self._mapping(node, depth)
        if isinstance(node, yaml.SequenceNode) and node.tag == _PREFIX + "seq":
            return [self.read(item, depth + 1) for item in node.value]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, object]:
        data: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                message = Message("Write a field's name here, not a list or another mapping.")
                self._complain(key, message)
            elif key.value in data:
                message = Message(
                    "The field {field} is here twice: keep one.", {"field": printable(key.value)}
                )
                self._complain(key, message)
            else:
                data[key.value] = self.read(value, depth + 1)
        return data

    def _scalar(self, node: yaml.Node) -> object:
        kind = node.tag.removeprefix(_PREFIX)
        try:
            return _SCALARS[kind](node.value)
        except KeyError:
            tag = printable(node.tag.replace(_PREFIX, "!!"))
            self._complain(
                node, Message("Remove the tag {tag}: only plain data is read.", {"tag": tag})
            )
        except (ValueError, TypeError):
            message = Message("Write the number in plain digits, or put the text in quotes.")
            self._complain(node, message)
        return None

    def _complain(self, node: yaml.Node, message: Message) -> None:
        mark = node.start_mark
        self.problems.append(Problem(mark.line + 1, mark.column + 1, "file", message))


def _whole(text: str) -> int:
    if not re.fullmatch(r"[-+]?\d{1,30}", text, re.ASCII):
        raise ValueError(text)
    return int(text)


def _truth(text: str) -> bool:
    return text.lower() in {"yes", "true", "on"}


def _nothing(_text: str) -> None:
    return None


_SCALARS: Mapping[str, Callable[[str], object]] = {
    "str": str,
    "timestamp": str,
    "merge": str,
    "value": str,
    "int": _whole,
    "float": float,
    "bool": _truth,
    "null": _nothing,
}


def plain(text: str, first: str) -> tuple[yaml.MappingNode, object]:
    """Return a file's root node and its plain data; raises SurveyInvalid with every mistake."""
    root, reading = compose(text, first), NodeReading()
    data = reading.read(root)
    if reading.problems:
        raise SurveyInvalid(tuple(reading.problems))
    return root, data


def printable(text: str) -> str:
    """Return a word from the file as a message can show it: short, without control characters."""
    return re.sub(r"[^\w .:,/!<>?{}'*&-]", "?", text)[:60]


def place_of(root: yaml.Node, location: Location) -> tuple[int, int]:
    """Return line and column, from 1, of the deepest part of the location that is in the file."""
    node, mark = root, root.start_mark
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = [pair for pair in node.value if pair[0].value == part]
            if not found:
                break
            key, node = found[0]
            mark = node.start_mark if isinstance(node, yaml.ScalarNode) else key.start_mark
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            mark = node.start_mark
    return mark.line + 1, mark.column + 1
