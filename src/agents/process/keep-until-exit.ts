const kept = new Set<() => void>();

function runKept(): void {
  for (const release of kept) release();
}

/**
 * Keeps a function that is called if this process exits, by `process.exit()` or an error. Returns a function that
 * forgets it. No listener stays when nothing is kept.
 */
export function keepUntilExit(release: () => void): () => void {
  if (kept.size === 0) process.on('exit', runKept);
  kept.add(release);
  return () => {
    kept.delete(release);
    if (kept.size === 0) process.off('exit', runKept);
  };
}
