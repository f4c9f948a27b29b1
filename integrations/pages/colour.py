"""XML and JSON with their parts marked, so that a reader finds the values; everything escaped."""

import re

from django.utils.html import format_html, format_html_join

# A part without its end takes the rest: what a stranger sends is never read twice.
JSON = re.compile(
    r'(?P<key>"(?:[^"\\\n]|\\.)*+"(?=\s{0,9}:))|(?P<value>"(?:[^"\\\n]|\\.)*+"?)'
    r"|(?P<number>-?\d[\d.eE+-]*+|\b(?:true|false|null)\b)|(?P<mark>[{}\[\],:])"
)
XML = re.compile(
    r"(?P<note><!--(?:.*?-->|.*)|<!\[CDATA\[|\]\]>|<\?(?:.*?\?>|.*))|(?P<mark></?[\w:.-]++|/?>)"
    r"|(?P<key>(?<![\w:.-])[\w:.-]++(?=\s{0,9}=\s{0,9}[\"']))|(?P<value>\"[^\"<]*+\"?|'[^'<]*+'?)",
    re.DOTALL,
)
GRAMMARS = {"json": JSON, "xml": XML}


def coloured(text, form):
    """`text` of `form` "json" or "xml" as safe HTML with <i class="…"> around its parts.

    Classes: key, value, number, mark, note. Other forms are only escaped.
    """
    grammar = GRAMMARS.get(form)
    if grammar is None:
        return format_html("{}", text)
    parts, end = [], 0
    for found in grammar.finditer(text):
        parts.append(("", text[end : found.start()]))
        parts.append((found.lastgroup, found[0]))
        end = found.end()
    parts.append(("", text[end:]))
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<i class="{}">{}</i>', kind, part) if kind else part,)
            for kind, part in parts
            if part
        ),
    )
