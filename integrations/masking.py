"""Citizens' words made fit for the public: no telephone, no identity number, no door, no name."""

import re

MASK = "＊＊＊"
SEVERAL = re.compile(f"(?:{MASK})+")
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.ASCII)
# 11 digits of a mobile, an area code with a number, both also in groups; 18 digits of an identity.
NUMBERS = re.compile(
    r"(?<!\d)(?:\d{17}[\dXx]"
    r"|(?:(?:\+|00)86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}"
    r"|\(?0\d{2,3}\)?[- ]?\d{3,4}[- ]?\d{4})(?!\d)"
)
# A local number is only known by the word before it.
CALLED = re.compile(
    r"((?:电话|手机|联系方式|致电|微信|QQ|tel|phone|mobile)(?:号码?)?(?:是|为)?\s*[:：.]?\s*)"
    r"(\+?\d[\d -]{4,18}\d)",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"((?:姓名|联系人|我叫(?![了过你他她它]))\s*[:：]?\s*)([一-龥·]{2,4})(?![一-龥])"
)
# 12号, 12-1号之二, 3栋, 502室, 8楼; not 11月12号, 5号线, 8号台风, 12号凌晨.
DOORS = re.compile(
    r"(?<![\d月])\d{1,5}(?:-\d{1,3})?号(?:之(?:[一二三四五六七八九十]{1,2}|\d{1,2}))?"
    r"(?!线|台风|馆|机|上午|下午|凌晨|早|晚|中午)"
    r"|(?<!\d)\d{1,4}(?:栋|幢|座|室|房|单元)"
)


def masked(text, *names):
    """`text` without telephone and identity numbers, e-mails, doors, and those names.

    What is left out shows as "＊＊＊". A name of one character is too common to look for.
    """
    text = without_numbers(EMAIL.sub(MASK, text))
    text = NAMED.sub(rf"\1{MASK}", DOORS.sub(MASK, text))
    for name in sorted(filter(lambda name: len(name) > 1, names), key=len, reverse=True):
        text = text.replace(name, MASK)
    return SEVERAL.sub(MASK, text)


def without_numbers(text):
    """`text` without telephone and identity numbers; doors and names stay."""
    return CALLED.sub(rf"\1{MASK}", NUMBERS.sub(MASK, text))
