"""Pictures of nothing, for events that come with a photo."""

import io
import random

from PIL import Image, ImageDraw

SIZE = (960, 720)


def street(seed):
    """A JPEG of a drawn street; the same seed gives the same picture."""
    rng = random.Random(seed)  # noqa: S311 - a picture
    sky = (150 + rng.randrange(60), 180 + rng.randrange(50), 225)
    image = Image.new("RGB", SIZE, sky)
    draw = ImageDraw.Draw(image)
    width, height = SIZE
    left = 0
    while left < width:
        right = left + rng.randrange(90, 220)
        top = rng.randrange(120, 380)
        shade = rng.randrange(110, 200)
        draw.rectangle((left, top, right, 520), fill=(shade, shade - 8, shade - 20))
        for x in range(left + 14, right - 14, 30):
            for y in range(top + 18, 500, 40):
                draw.rectangle((x, y, x + 14, y + 20), fill=(235, 225, 170))
        left = right
    draw.rectangle((0, 520, width, height), fill=(92, 92, 96))
    for x in range(0, width, 120):
        draw.rectangle((x, 612, x + 60, 620), fill=(230, 230, 230))
    x = rng.randrange(200, width - 200)
    draw.polygon([(x, 560), (x - 45, 650), (x + 45, 650)], fill=(226, 88, 34))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
