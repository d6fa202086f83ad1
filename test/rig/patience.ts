// Runs before each test file. By default `vi.waitFor` gives up after a second, which is too short on a busy
// machine. It still returns as soon as its check passes. So a test names a deadline of its own only if it
// promises that something happens by then.
import { vi } from 'vitest';

const { waitFor } = vi;
vi.waitFor = (check, options) =>
  waitFor(check, typeof options === 'number' ? options : { timeout: 30_000, ...options });
