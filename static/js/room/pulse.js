/** When to draw: once per frame while visible, now and then while hidden, and every second. */

/** Returns a function that runs `draw` soon, however often it is called. */
export function coalesce(draw) {
  let waiting = false;
  const run = () => {
    waiting = false;
    draw();
  };
  return () => {
    if (waiting) return;
    waiting = true;
    // A hidden page gets no animation frames; its title and sounds still have to follow.
    if (document.hidden) setTimeout(run, 200);
    else requestAnimationFrame(run);
  };
}

/** Calls `listener` every second; returns a function that stops it. */
export function everySecond(listener) {
  const timer = setInterval(listener, 1000);
  return () => clearInterval(timer);
}
