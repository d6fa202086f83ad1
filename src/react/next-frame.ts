// A hidden page gets no frames, but its title and its sounds may still depend on new events. In milliseconds.
const unseenMs = 250;

/** Calls back in the next animation frame, or after a short time if none comes. Returns a cancel function. */
export function onNextFrame(callback: () => void): () => void {
  const stop = (): void => {
    clearTimeout(timer);
    if (frame !== undefined) cancelAnimationFrame(frame);
  };
  const run = (): void => {
    stop();
    callback();
  };
  const timer = setTimeout(run, unseenMs);
  const frame = typeof requestAnimationFrame === 'function' ? requestAnimationFrame(run) : undefined;
  return stop;
}
