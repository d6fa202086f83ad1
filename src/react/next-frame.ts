// A page that is not seen gets no frames; its title and its sounds may still depend on what comes.
const unseenMs = 250;

/** Calls back in the next animation frame, or where none comes a little later; stops when told to. */
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
