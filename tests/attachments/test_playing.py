"""Real Chromium plays what was kept, through the real server, with its security headers."""

import pytest

from tests.attachments import samples

pytestmark = pytest.mark.browser

# Loads a recording of our own address, jumps into it, plays on, and tells how it went.
PLAY = """([kind, url]) => new Promise(resolve => {
  const player = document.createElement(kind)
  player.muted = true
  player.addEventListener("error", () => resolve({error: player.error.message}))
  player.addEventListener("loadedmetadata", () => { player.currentTime = 1.2 })
  player.addEventListener("seeked", () => player.play())
  player.addEventListener("ended", () => resolve({
    duration: player.duration, width: player.videoWidth, height: player.videoHeight }))
  player.src = url
  document.body.append(player)
})"""


@pytest.fixture
def sent(module_server):
    """Uploads bytes as duty.hongqiao; returns the answer's JSON."""

    def send(data):
        with module_server.client_of("duty.hongqiao") as client:
            answer = client.post("/api/v1/attachments/", files={"file": ("blob", data)})
        assert answer.status_code == 201, answer.text
        return answer.json()

    return send


def test_voice_messages_of_all_phones_can_be_heard(people, module_server, sent):
    page = people(module_server, "duty.hongqiao")
    for voice in (samples.voice("webm", "libopus"), samples.amr()):
        played = page.evaluate(PLAY, ["audio", sent(voice)["url"]])
        assert played.get("duration") == pytest.approx(2, abs=0.2), played


def test_videos_can_be_seen_the_right_way_up(people, module_server, sent):
    page = people(module_server, "duty.hongqiao")
    for video in (
        samples.turned(samples.video("mp4", "libx264", "aac")),
        samples.video("matroska", "libx264", "libopus", size=(240, 320)),
        samples.video("webm", "libvpx-vp9", "libopus", size=(240, 320)),
    ):
        played = page.evaluate(PLAY, ["video", sent(video)["url"]])
        assert played.get("duration") == pytest.approx(2, abs=0.2), played
        assert (played["width"], played["height"]) == (240, 320)


def test_a_photo_opened_by_itself_is_a_picture_and_nothing_else(people, module_server, sent):
    # The browser's own viewer would like a style and a script; it may have neither.
    people.expect("inline style", "Blocked script")
    page = people(module_server, "duty.hongqiao")
    answer = page.goto(sent(samples.jpeg())["url"])
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert page.evaluate("document.images[0].naturalWidth") == 640
