"""Words that fit: messages within the bytes that a service takes."""

ELLIPSIS = "…"


def compose(content, limit, *, keyword=""):
    """Title, text and address of a Notice's fields, a line each, in at most `limit` bytes of UTF-8.

    What is too long loses the end of its text, never the address. `keyword` is a word that the
    other side insists on; it is put in front where it is missing.
    """
    said = "\n".join(part for part in (content.get("title"), content.get("text")) if part)
    if keyword and keyword not in said:
        said = f"{keyword} {said}"
    url = content.get("url", "")
    whole = f"{said}\n{url}" if said and url else said or url
    if size(whole) <= limit:
        return whole
    room = limit - size(f"\n{url}")
    return f"{cut(said, room)}\n{url}" if url and room > size(ELLIPSIS) else cut(whole, limit)


def cut(text, limit):
    """`text` in at most `limit` bytes of UTF-8, ending in … between two characters when cut."""
    if size(text) <= limit:
        return text
    kept = text.encode()[: limit - size(ELLIPSIS)].decode("utf-8", "ignore")
    return kept.rstrip() + ELLIPSIS


def size(text):
    """Bytes of UTF-8."""
    return len(text.encode())
