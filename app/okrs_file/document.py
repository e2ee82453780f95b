"""YAML text as plain values that remember their lines; numbers are read exactly, from their digits."""

import re
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from app.okrs_file.problems import Problems

NUMBER = re.compile(r"[-+]?(\d[\d_]*(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?")
PLACES = 6
LIMIT = Decimal(10) ** 12
STAND_IN = Decimal(1)
"""What a number that was refused is read as, so that it is not refused a second time for something else."""

UNFIT = re.compile("[\0\ud800-\udfff]")
TAG = "tag:yaml.org,2002:"
TEXT_TAGS = (TAG + "str", TAG + "timestamp")
DEPTH = 20


class Block(dict[str, object]):
    """A mapping of the file. `where` names it in messages, `lines` holds the line of each of its keys."""

    def __init__(self, line: int, where: str) -> None:
        super().__init__()
        self.line = line
        self.where = where
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)

    def path(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key


class Rows(list[object]):
    """A list of the file; `lines` holds the line of each item."""

    def __init__(self, line: int, where: str) -> None:
        super().__init__()
        self.line = line
        self.where = where
        self.lines: list[int] = []


def parse(text: str, problems: Problems) -> Block | None:
    """The file's top mapping, or None when it cannot be read at all; what is wrong goes to `problems`."""
    try:
        node = YAML(typ="safe", pure=True).compose(text)  # the other reader leaves marks in folded texts
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = ", ".join(str(part) for part in (error.context, error.problem) if part)
        problems.add(line, "", f"this is not readable YAML (column {column}): {said}. {_mend(said)}")
        return None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problems.add(line, "", f"the character U+{error.character:04X} is not allowed in YAML; delete it.")
        return None
    except RecursionError:
        problems.add(1, "", "this is nested too deeply to be read.")
        return None
    except (YAMLError, ValueError) as error:
        problems.add(1, "", f"this is not readable YAML: {error}")
        return None
    if not isinstance(node, MappingNode):
        problems.add(1, "", "the file is empty or no mapping; begin with `organisation:`, `teams:`, `people:` ….")
        return None
    return _Builder(problems).block(node, "", 0)


def _mend(said: str) -> str:
    if "another document" in said:
        return "Keep everything in one document: delete the second `---`."
    if "undefined alias" in said:
        return "A text that begins with * must stand in quotes."
    if "mapping values are not allowed" in said:
        return 'A text with ": " in it must stand in quotes; or the line is indented too far.'
    if "\\t" in said:
        return "Indent with blanks, not with tabs."
    return "Look at the indentation, brackets and quotes there and just above."


class _Builder:
    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.seen: set[int] = set()

    def value(self, node: Node, where: str, depth: int) -> object:
        line = node.start_mark.line + 1
        if id(node) in self.seen:
            self.problems.add(line, where, "aliases (*name) are not supported; write the value out here too.")
            return None
        self.seen.add(id(node))
        if depth > DEPTH:
            self.problems.add(line, where, "this is nested too deeply.")
            return None
        if isinstance(node, MappingNode):
            return self.block(node, where, depth)
        if isinstance(node, SequenceNode):
            return self.rows(node, where, depth)
        return self.scalar(node, where, line)

    def block(self, node: MappingNode, where: str, depth: int) -> Block:
        block = Block(node.start_mark.line + 1, where)
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value
            if not isinstance(key_node, ScalarNode) or key_node.tag == TAG + "merge":
                self.problems.add(line, where, "a key must be a plain word; merging with << is not supported.")
            elif key in block:
                self.problems.add(
                    line,
                    block.path(key),
                    f'the key "{key}" stands here a second time (first on line {block.lines[key]}); keep one of them.',
                )
            else:
                block.lines[key] = line
                block[key] = self.value(value_node, block.path(key), depth + 1)
        return block

    def rows(self, node: SequenceNode, where: str, depth: int) -> Rows:
        rows = Rows(node.start_mark.line + 1, where)
        section = where.rpartition(".")[2] if _top_item(where) else where
        for position, child in enumerate(node.value):
            rows.lines.append(child.start_mark.line + 1)
            rows.append(self.value(child, f"{section}[{_name(child) or position + 1}]", depth + 1))
        return rows

    def scalar(self, node: Any, where: str, line: int) -> object:
        tag, text = str(node.tag), str(node.value)
        if tag in TEXT_TAGS:
            return self.words(text, where, line)
        if tag == TAG + "null":
            return None
        if tag == TAG + "bool":
            return text.lower() == "true"
        if tag in (TAG + "int", TAG + "float"):
            return self.number(text, where, line)
        self.problems.add(line, where, f"the tag {tag.removeprefix(TAG)} is not supported; write a plain value.")
        return None

    def words(self, text: str, where: str, line: int) -> str:
        """What no database can keep, and no text has."""
        if bad := UNFIT.search(text):
            self.problems.add(line, where, f"the character U+{ord(bad[0]):04X} cannot be stored; delete it.")
            return UNFIT.sub("", text) or "?"
        return text

    def number(self, text: str, where: str, line: int) -> object:
        if not NUMBER.fullmatch(text):
            self.problems.add(line, where, f"{text} is no decimal number; write its digits, or quotes if it is a text.")
            return STAND_IN
        value = Decimal(text.replace("_", ""))
        if abs(value) > LIMIT:
            self.problems.add(line, where, f"{text} is too large; values lie within ±{LIMIT:f}.")
            return STAND_IN
        if value != value.quantize(Decimal(1).scaleb(-PLACES)):
            self.problems.add(line, where, f"{text} has more than {PLACES} decimal places; round it.")
            return STAND_IN
        return value


def is_number(text: str) -> bool:
    """Whether a text is a number as it is kept: just its digits, none of them to spare."""
    if not NUMBER.fullmatch(text):
        return False
    value = Decimal(text.replace("_", ""))
    return abs(value) <= LIMIT and format(value.normalize(), "f") == text and value == round(value, PLACES)


def _top_item(where: str) -> bool:
    """Key results are named by their own id; the objective they stand in would only make the name longer."""
    return where.startswith("objectives[") and where.endswith("].key_results")


def _name(node: Node) -> str | None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == "id" and isinstance(value, ScalarNode) and value.value:
                return str(value.value)
    return None
