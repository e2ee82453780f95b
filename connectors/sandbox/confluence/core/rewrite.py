"""What Confluence does to a body when it saves it: the meaning stays, hardly a byte does. New random ids each time."""

import random
import re
import uuid

from lxml import etree

from connectors.sandbox.confluence.core.storage import AC, MACRO, PARAMETER, RI, to_text

_LOCAL = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "tr", "td", "th", "blockquote", "hr", "pre"}
_AC_LOCAL = {f"{{{AC}}}{name}" for name in ("image", "link", "task-list", "task")}
_VERSIONED = {f"{{{RI}}}page", f"{{{RI}}}attachment"}
_SECTION = f"{{{AC}}}layout-section"
_TASK = f"{{{AC}}}task"
_TASK_UUID = f"{{{AC}}}task-uuid"
_TASK_ID = f"{{{AC}}}task-id"
_PARTS = ("rich-text-body", "layout", "layout-section", "layout-cell", "task-list", "task", "image", "link")
_NO_INDENT = {"storage", "table", "thead", "tbody", "colgroup", "tr", "ul", "ol", MACRO} | {
    f"{{{AC}}}{name}" for name in _PARTS
}
_NAMED = {
    "\u00a0": "&nbsp;",
    "“": "&ldquo;",
    "”": "&rdquo;",
    "‘": "&lsquo;",
    "’": "&rsquo;",
    "–": "&ndash;",
    "—": "&mdash;",
    "…": "&hellip;",
    "→": "&rarr;",
    "←": "&larr;",
    "·": "&middot;",
    "×": "&times;",
    "±": "&plusmn;",
}
_OPAQUE_OR_NAMED = re.compile(rf"(<!\[CDATA\[.*?\]\]>|<!--.*?-->)|([{''.join(_NAMED)}])", re.DOTALL)


def rewrite(root: etree._Element, saved_version: int) -> str:
    """The body as it is stored, from a parsed one (which is changed in place)."""
    for element in root.iter(etree.Element):
        _identify(element, saved_version)
        if element.tag in _NO_INDENT:
            _drop_indent(element)
        if element.tag == MACRO:
            _shuffle_parameters(element)
        elif element.tag == _TASK:
            _renew_task(element)
    return _name_entities(to_text(root))


def _id() -> str:
    return f"{random.getrandbits(48):012x}"


def _identify(element: etree._Element, saved_version: int) -> None:
    tag = element.tag
    if tag in _LOCAL:
        element.set("local-id", _id())
    elif tag in _AC_LOCAL:
        element.set(f"{{{AC}}}local-id", _id())
    elif tag in _VERSIONED:
        element.set(f"{{{RI}}}version-at-save", str(saved_version))
    elif tag == MACRO:
        _identify_macro(element)
    elif tag == "table":
        element.set("local-id", str(uuid.uuid4()))
        if "data-layout" not in element.attrib:
            element.set("data-layout", "default")
    elif tag == _SECTION and f"{{{AC}}}breakout-mode" not in element.attrib:
        element.set(f"{{{AC}}}breakout-mode", "default")


def _identify_macro(macro: etree._Element) -> None:
    macro.set(f"{{{AC}}}local-id", str(uuid.uuid4()))
    for name, value in (("schema-version", "1"), ("macro-id", str(uuid.uuid4()))):
        if f"{{{AC}}}{name}" not in macro.attrib:
            macro.set(f"{{{AC}}}{name}", value)


def _drop_indent(element: etree._Element) -> None:
    if element.text and "\n" in element.text and not element.text.strip():
        element.text = None
    for child in element:
        if child.tail and "\n" in child.tail and not child.tail.strip():
            child.tail = None


def _shuffle_parameters(macro: etree._Element) -> None:
    parameters = [child for child in macro if child.tag == PARAMETER]
    if len(parameters) < 2:
        return
    for parameter in parameters:
        parameter.tail = None
        macro.remove(parameter)
    random.shuffle(parameters)
    macro[:0] = parameters


def _renew_task(task: etree._Element) -> None:
    """Each task has a number that stays and a uuid that does not."""
    number = task.find(_TASK_ID)
    if number is None:
        number = etree.Element(_TASK_ID)
        number.text = str(random.randrange(1, 10_000))
        task.insert(0, number)
    for old in task.findall(_TASK_UUID):
        task.remove(old)
    fresh = etree.Element(_TASK_UUID)
    fresh.text = str(uuid.uuid4())
    number.addnext(fresh)


def _name_entities(text: str) -> str:
    """Some characters come back as entities, others as themselves, and not always the same ones."""
    chosen = {character for character in _NAMED if random.random() < 0.7}
    return _OPAQUE_OR_NAMED.sub(lambda match: match[1] or (_NAMED[match[2]] if match[2] in chosen else match[2]), text)
