"""Strings that have broken somebody's page: markup, entities, templates, macros, controls, directions, lengths."""

from html.entities import entitydefs
from itertools import product

MARKUP = (
    *("&", "<", ">", '"', "'", "<>", "&&", "</p>", "</td></tr></tbody></table>", "<br>", "<br />", "<p>", "<!-- -->"),
    *(
        "<!--",
        "-->",
        "]]>",
        "<![CDATA[",
        "<![CDATA[x]]>",
        "<?xml version='1.0'?>",
        "<?php ?>",
        "<!DOCTYPE x>",
        "<x:y/>",
    ),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", '" onclick="x', "' style='x"),
    *(
        "&amp;",
        "&amp;amp;",
        "&#0;",
        "&#x0;",
        "&#38;",
        "&#x26;",
        "&#xD800;",
        "&#99999999;",
        "&nosuch;",
        "&;",
        "&#;",
        "&#x;",
    ),
    *(
        "<svg/onload=x>",
        "<a href='x'>",
        "</ac:structured-macro>",
        "</ac:rich-text-body>",
        "</ac:parameter>",
        "<ac:link>",
    ),
    *('<ac:structured-macro ac:name="html">', '<ac:parameter ac:name="">plainsight-notes-begin</ac:parameter>'),
    *(
        '<ri:page ri:content-title="x" />',
        "<ac:inline-comment-marker ac:ref='1'>x</ac:inline-comment-marker>",
        "<at:var />",
    ),
)
TEMPLATES = (
    *(
        "{{ 7*7 }}",
        "{% raw %}",
        "{% endraw %}",
        "{# #}",
        "{{",
        "}}",
        "{%",
        "{",
        "}",
        "{}",
        "{0}",
        "{a}",
        "{b}",
        "{text}",
    ),
    *(
        "%s",
        "%(x)s",
        "%%",
        "${x}",
        "#{x}",
        "\\n",
        "\\",
        "\\u0041",
        "{{ report }}",
        "{{ ''.__class__.__mro__ }}",
        "__proto__",
    ),
    *(
        "{info}",
        "{expand}x{expand}",
        "{toc}",
        "[link|http://x]",
        "!image.png!",
        "h1. x",
        "||a||b||",
        "*x* _y_",
        "@user",
        "~x",
    ),
    *(
        "=cmd()",
        "+1",
        "-1",
        "@SUM(A1)",
        "'; DROP TABLE page; --",
        "NULL",
        "None",
        "null",
        "undefined",
        "NaN",
        "true",
        "0",
    ),
)
LETTERS = (
    *(
        "🚀",
        "👩‍💻",
        "👨‍👩‍👧‍👦",
        "🏳️‍🌈",
        "🇰🇷",
        "👍🏽",
        "☠️",
        "𠮷野家",
        "é",
        "é",
        "Ǆ",
        "ß",
        "İi̇",
        "ﬁ",
        "한글",
        "각",
        "ㅎㅏㄴ",
        "漢字",
        "ｗｉｄｅ",
    ),
    *(
        "עברית",
        "العربية",
        "فارسی",
        "हिन्दी",
        "ไทย",
        "ខ្មែរ",
        "Z̸̢̛a̵͝l̶͝g̷o̸",
        "ａ́́́́́́́",
        "①",
        "½",
        "№",
        "™",
        "\N{RIGHT-TO-LEFT MARK}x",
    ),
    *(
        f"\N{LEFT-TO-RIGHT MARK}{sign}x"
        for sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\u200f"
    ),
)
SIGNS = (
    *range(0x00, 0x20),
    *range(0x7F, 0xA1),
    *(0xAD, 0x34F, 0x115F, 0x180E, 0x200B, 0x200C, 0x200D, 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0x3164),
    *(0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xE000, 0xF8FF, 0xFDD0, 0xFDEF, 0xFEFF, 0xFFF9, 0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF),
    *(0x1FFFE, 0x1FFFF, 0xE0001, 0xE0041, 0xF0000, 0x10FFFD, 0x10FFFF),
)
LINES = (
    "a\nb",
    "a\r\nb",
    "a\rb",
    "a\tb",
    "\n\n",
    " a ",
    "  ",
    "a\x0bb",
    "a\x0cb",
    "a\x85b",
    "a\u2028b",
    "\r\n\r\n",
    "\t",
)
LONG = ("a" * 255, "가" * 256, "<" * 300, "&amp;" * 100, "long word " * 40, "🚀" * 130)


def strings() -> list[str]:
    """More than five hundred, all different."""
    entities = [f"&{name};" for name in sorted(entitydefs)]
    signs = [f"a{chr(code)}b" for code in SIGNS]
    framed = [
        before + one + after for (before, after), one in product((("<", ">"), ("&", ";"), ('"', "'")), MARKUP[:24])
    ]
    return list(dict.fromkeys([*MARKUP, *TEMPLATES, *LETTERS, *LINES, *LONG, *signs, *framed, *entities]))
