"""Child processes that are kept alive: started, started again when they die, ended together."""

import subprocess
import threading
import time

# Seconds before a child that died is started again: doubled each time, forgotten after a calm run.
FIRST_PAUSE, LONGEST_PAUSE, CALM = 1, 30, 60
# Seconds that children have to end in good order before they are killed.
GRACE = 10
TICK = 0.25


class Child:
    """One process. `ready()` is asked before every start; it raises what makes one senseless."""

    def __init__(self, name, command, ready=lambda: None):
        self.name = name
        self.command = command
        self.ready = ready
        self.process = None
        self.pause = 0
        self.due = 0.0
        self.started = 0.0

    def look(self, say):
        """Start the process when it is due; notice its death and say so."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.ready()
                self.process = subprocess.Popen(self.command)  # noqa: S603 - our own commands
                self.started = now
            return
        status = self.process.poll()
        if status is None:
            return
        self.process = None
        calm = now - self.started >= CALM
        self.pause = FIRST_PAUSE if calm or not self.pause else min(self.pause * 2, LONGEST_PAUSE)
        self.due = now + self.pause
        say(f"{self.name} ended with status {status}; starting it again in {self.pause} s")

    def terminate(self):
        """Ask it to end."""
        if self.process is not None:
            self.process.terminate()

    def wait(self, deadline):
        """Wait until `deadline` (monotonic seconds), then kill it."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def keep(children, stop: threading.Event, say, looked=lambda: None):
    """Keep `children` alive until `stop` is set, then end them all.

    `looked` is called after every look at them. What `Child.ready` raises ends them too, and is
    raised again.
    """
    try:
        while not stop.is_set():
            for child in children:
                child.look(say)
            looked()
            stop.wait(TICK)
    finally:
        for child in children:
            child.terminate()
        deadline = time.monotonic() + GRACE
        for child in children:
            child.wait(deadline)
