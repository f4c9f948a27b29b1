"""The public shape of an attachment."""

from events.entry import stamp


def as_json(attachment, by=None):
    """A file as every list and room shows it; its addresses answer only those who may see it.

    `by` is the uploader's name; sizes in bytes and pixels, duration in seconds, location in WGS-84.
    """
    url = f"/api/v1/attachments/{attachment.pk}/"
    return {
        "id": str(attachment.pk),
        "kind": attachment.kind,
        "role": attachment.role,
        "url": url,
        "thumbnail": f"{url}thumbnail/" if attachment.thumbnail else None,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "width": attachment.width,
        "height": attachment.height,
        "duration_s": attachment.duration_s,
        "by": by,
        "at": stamp(attachment.created_at),
        "taken_at": stamp(attachment.taken_at),
        "location": {"lon": attachment.lon, "lat": attachment.lat}
        if attachment.lon is not None
        else None,
    }
