// Runs before each test file. By default `vi.waitFor` gives up after a second, which is too short on a busy
// machine. It still returns as soon as its check passes.
import { vi } from 'vitest';

const { waitFor } = vi;
vi.waitFor = (check, options) =>
  waitFor(check, typeof options === 'number' ? options : { timeout: 10_000, ...options });
