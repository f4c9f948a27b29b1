"""Sending a stored file, whole or one range of its bytes (RFC 9110, sections 13 and 14)."""

import re
from contextlib import suppress

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

# Up to here a file is answered in one piece; larger ones flow.
PIECE = 1024 * 1024
CHUNK = 256 * 1024
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})$", re.ASCII)


def send(request, file, *, content_type, filename, etag):
    """The response to a GET of a stored `file` (a FieldFile): 200, 206, 304 or 416.

    Several ranges in one request are answered with the whole file, as the standard allows. Raises
    FileNotFoundError.
    """
    size = file.size
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = _answer(request, file, size, etag)
        response["Content-Type"] = content_type
        response["Content-Disposition"] = content_disposition_header(False, filename)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    return response


def _answer(request, file, size, etag):
    wanted = request.headers.get("Range", "")
    if wanted and request.headers.get("If-Range", etag) == etag:
        found = RANGE.match(wanted.replace(" ", ""))
        if found and any(found.groups()):
            return _part(request, file, size, *found.groups())
    return _bytes(request, file, 0, size)


def _part(request, file, size, first, last):
    if first:
        start, end = int(first), min(int(last) if last else size, size - 1)
        if last and int(last) < start:
            return _bytes(request, file, 0, size)  # nonsense is ignored
    else:
        start, end = max(size - int(last), 0), size - 1
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = _bytes(request, file, start, end - start + 1)
    response.status_code = 206
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


def _bytes(request, file, start, length):
    """A response of `length` bytes from `start`; large ones flow in the server's own manner."""
    flow = _flow(file, start, length)
    if length <= PIECE:
        response = HttpResponse(b"".join(flow))
    elif isinstance(request._request, ASGIRequest):
        response = StreamingHttpResponse(_flow_async(flow))
    else:
        response = StreamingHttpResponse(flow)
    response["Content-Length"] = str(length)
    return response


def _flow(file, start, length):
    with file.storage.open(file.name, "rb") as stream:
        stream.seek(start)
        while length and (chunk := stream.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk


async def _flow_async(flow):
    step = sync_to_async(next, thread_sensitive=False)
    try:
        while chunk := await step(flow, b""):
            yield chunk
    finally:
        # The client may go while a thread still reads; then the flow ends with that thread.
        with suppress(ValueError):
            flow.close()
