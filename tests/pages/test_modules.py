"""What the pages' shared modules promise: the line, the countdown, the order of the queue."""

import pytest

from tests.browser import PHONE

pytestmark = pytest.mark.browser
# In the page: a socket whose server the test plays, and the modules under their hashed names.
STAGE = """async () => {
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  async function load(name) {
    const file = new RegExp(`/shared/${name}[.][0-9a-f]{12}[.]js$`);
    for (let i = 0; i < 200; i += 1) {
      const names = performance.getEntriesByType("resource").map((entry) => entry.name);
      const url = names.find((one) => file.test(one));
      if (url) return import(url);
      await pause(50);
    }
    throw new Error(`the page does not use ${name}`);
  }
  const sockets = [];
  globalThis.WebSocket = class {
    static OPEN = 1;
    static CONNECTING = 0;
    constructor() {
      this.readyState = 0;
      this.said = [];
      sockets.push(this);
      setTimeout(() => {
        this.readyState = 1;
        this.onopen?.();
      });
    }
    send(text) {
      this.said.push(JSON.parse(text));
    }
    close() {
      this.readyState = 3;
    }
    tell(...messages) {
      for (const message of messages) this.onmessage?.({ data: JSON.stringify(message) });
    }
    die(code) {
      this.readyState = 3;
      this.onclose?.({ code });
    }
  };
  globalThis.stage = {
    ...(await load("live")),
    ...(await load("store")),
    ...(await load("time")),
    sockets,
    pause,
    async until(holds) {
      for (let i = 0; i < 1000 && !holds(); i += 1) await pause(20);
      if (!holds()) throw new Error(`never: ${holds}`);
    },
    entry: (offset) => ({
      op: "entry",
      offset,
      topics: ["desk"],
      entry: { event: "YX1", seq: offset, kind: "posted", at: "2026-01-01T00:00:00Z", changes: {} },
    }),
    ready: (offset, recovered = true, epoch = "a") => ({
      op: "ready",
      position: { epoch, offset },
      recovered,
    }),
    // A line from offset 10 whose first subscription has been answered.
    async line(options = {}) {
      const got = [];
      const states = [];
      const line = stage.connect({
        topics: ["desk"],
        position: { epoch: "a", offset: 10 },
        onEntry: (entry) => got.push(entry.seq),
        onState: (state) => states.push(state),
        ...options,
      });
      const socket = sockets.at(-1);
      await stage.until(() => socket.said.length);
      socket.tell(stage.ready(10));
      return { line, socket, got, states };
    },
  };
}"""


@pytest.fixture(scope="module")
def page(browser, module_server, request):
    """A page that has loaded the modules; its own line is left alone."""
    from tests.browser import People

    found = People(browser)
    page = found(module_server, "grid.beiyuan", size=PHONE, path="/report/")
    page.locator(".strip[data-state=ok]").wait_for()
    page.locator("#line[data-state=live]").wait_for()
    page.evaluate(STAGE)
    yield page
    for context in found.contexts:
        context.close()


def test_the_line_asks_for_what_was_missed_since_the_snapshot(page):
    said = page.evaluate("async () => (await stage.line()).socket.said[0]")
    assert said == {
        "op": "subscribe",
        "topics": ["desk"],
        "position": {"epoch": "a", "offset": 10},
    }


def test_an_entry_that_comes_twice_is_shown_once(page):
    got = page.evaluate(
        """async () => {
          const { socket, got } = await stage.line();
          socket.tell(stage.entry(11), stage.entry(12), stage.entry(11), stage.entry(9));
          return got;
        }"""
    )
    assert got == [11, 12]


def test_after_a_break_the_line_resumes_where_it_was_and_repeats_nothing(page):
    asked, got, states = page.evaluate(
        """async () => {
          const { line, socket, got, states } = await stage.line();
          socket.tell(stage.entry(11), stage.entry(12));
          const count = stage.sockets.length;
          socket.die(1006);
          await stage.until(() => stage.sockets.length > count && stage.sockets.at(-1).said.length);
          const next = stage.sockets.at(-1);
          next.tell(stage.entry(12), stage.entry(13), stage.ready(13));
          return [next.said[0].position, got, [...new Set(states)]];
        }"""
    )
    assert asked == {"epoch": "a", "offset": 12}
    assert got == [11, 12, 13]
    assert states == ["connecting", "live"]


def test_a_new_topics_past_is_shown_although_newer_entries_came_first(page):
    """Entry 12 of the desk overtakes entry 11, which only the added topic shows."""
    got, position = page.evaluate(
        """async () => {
          const { line, socket, got } = await stage.line();
          line.add(["event:YX1"]);
          socket.tell(stage.entry(12), stage.entry(11), stage.entry(11), stage.ready(12));
          socket.tell(stage.entry(12), stage.entry(13));
          return [got, line.position.offset];
        }"""
    )
    assert got == [12, 11, 13]
    assert position == 13


def test_a_break_before_the_answer_loses_nothing_of_the_new_topic(page):
    asked, got = page.evaluate(
        """async () => {
          const { line, socket, got } = await stage.line();
          line.add(["event:YX1"]);
          socket.tell(stage.entry(12));
          const count = stage.sockets.length;
          socket.die(1006);
          await stage.until(() => stage.sockets.length > count && stage.sockets.at(-1).said.length);
          const next = stage.sockets.at(-1);
          next.tell(stage.entry(11), stage.entry(12), stage.ready(12));
          return [next.said[0], got];
        }"""
    )
    assert asked["position"] == {"epoch": "a", "offset": 10}
    assert sorted(asked["topics"]) == ["desk", "event:YX1"]
    assert got == [12, 11]


def test_what_cannot_be_resumed_is_reloaded_and_entries_wait_for_it(page):
    order = page.evaluate(
        """async () => {
          const order = [];
          let loaded;
          const { socket } = await stage.line({
            onEntry: (entry) => order.push(entry.seq),
            onReset: () => new Promise((resolve) => { loaded = resolve; }),
          });
          const count = stage.sockets.length;
          socket.die(1012);
          await stage.until(() => stage.sockets.length > count && stage.sockets.at(-1).said.length);
          const next = stage.sockets.at(-1);
          next.tell(stage.ready(500, false, "b"), stage.entry(501), stage.entry(502));
          await stage.pause(30);
          order.push("snapshot");
          loaded({ epoch: "b", offset: 501 });
          await stage.pause(30);
          next.tell(stage.entry(503));
          return order;
        }"""
    )
    assert order == ["snapshot", 502, 503]


def test_a_session_that_ended_is_not_knocked_at_again(page):
    ended, tries = page.evaluate(
        """async () => {
          let ended = 0;
          const { socket } = await stage.line({ onSignedOut: () => { ended += 1; } });
          const count = stage.sockets.length;
          socket.die(4401);
          await stage.pause(1200);
          return [ended, stage.sockets.length - count];
        }"""
    )
    assert (ended, tries) == (1, 0)


def test_the_servers_clock_is_the_one_that_counts(page):
    ahead = page.evaluate(
        """async () => {
          const { line, socket } = await stage.line();
          const now = new Date(Date.now() + 90000).toISOString();
          socket.tell({ op: "top", position: { epoch: "a", offset: 10 }, now });
          return line.serverNow() - Date.now();
        }"""
    )
    assert ahead == pytest.approx(90000, abs=2000)


def test_an_entry_changes_its_event_once_and_in_order(page):
    event = page.evaluate(
        """() => {
          const event = { number: "YX1", seq: 4, state: "registered" };
          stage.apply(event, { seq: 6, changes: { state: "handled", seq: 6 } });
          stage.apply(event, { seq: 5, changes: { state: "responded", seq: 5 } });
          stage.apply(event, { seq: 6, changes: { state: "registered" } });
          return event;
        }"""
    )
    assert event == {"number": "YX1", "seq": 6, "state": "handled"}


def test_the_queue_is_p1_then_overdue_then_by_deadline(page):
    numbers = page.evaluate(
        """() => {
          const now = Date.parse("2026-11-21T08:00:00Z");
          const make = (number, priority, due, state = "registered") => ({
            number, priority, state, registered_at: "2026-11-21T07:00:00Z",
            deadlines: due ? [{ stage: "respond", state: "live", due_at: due }] : [],
          });
          return stage.order([
            make("later", "P3", "2026-11-21T09:00:00Z"),
            make("none", "P2", null),
            make("closed", "P1", null, "closed"),
            make("late", "P4", "2026-11-21T07:59:00Z"),
            make("soon", "P3", "2026-11-21T08:10:00Z"),
            make("critical", "P1", "2026-11-21T12:00:00Z"),
          ], now).map((event) => event.number);
        }"""
    )
    assert numbers == ["critical", "late", "soon", "later", "none", "closed"]


@pytest.mark.parametrize(
    ("now", "state", "shown"),
    [
        ("08:00:00", "live", ("normal", "剩", "20:00")),
        ("08:15:59", "live", ("normal", "剩", "04:01")),
        ("08:16:00", "live", ("soon", "临期", "04:00")),
        ("08:19:59", "live", ("soon", "临期", "00:01")),
        ("08:20:00", "live", ("over", "超时", "00:00")),
        ("09:25:05", "live", ("over", "超时", "1:05:05")),
        ("08:19:59", "paused", ("paused", "暂停", "")),
    ],
)
def test_a_countdown_says_its_word_and_its_figures(page, now, state, shown):
    """A limit of twenty minutes from 08:00."""
    found = page.evaluate(
        """([now, state]) => {
          const { tone, word, text } = stage.countdown(
            "2026-11-21T08:20:00Z", `2026-11-21T${now}Z`, state, "2026-11-21T08:00:00Z");
          return [tone, word, text];
        }""",
        [now, state],
    )
    assert tuple(found) == shown


def test_clocks_show_the_districts_time(page):
    shown = page.evaluate("() => [stage.clock('2026-11-21T16:30:05Z'), stage.duration(68)]")
    assert shown == ["00:30:05", "1分08秒"]
