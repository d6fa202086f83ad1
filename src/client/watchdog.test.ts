import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createWatchdog } from './watchdog.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;

describe('a watchdog', () => {
  test('ends a request that is silent for too long', async () => {
    const { signal, during } = createWatchdog(100, never);
    const waited = expect(during(new Promise(() => {}))).rejects.toThrow('Silent for 100 ms.');
    await vi.advanceTimersByTimeAsync(99);
    expect(signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(signal.aborted).toBe(true);
    await waited;
  });

  test('ends a wait that does not use the signal', async () => {
    const outer = new AbortController();
    const waited = expect(createWatchdog(100, outer.signal).during(new Promise(() => {}))).rejects.toThrow(
      'Enough.',
    );
    outer.abort(new Error('Enough.'));
    await waited;
  });

  test('starts anew with each byte, whatever it means', async () => {
    const { signal, during } = createWatchdog(100, never);
    for (let beat = 0; beat < 10; beat += 1) {
      const byte = during(new Promise<void>((resolve) => void setTimeout(resolve, 99)));
      await vi.advanceTimersByTimeAsync(99);
      await byte;
    }
    expect(signal.aborted).toBe(false);
  });

  test('does not count the time the application takes', async () => {
    const { signal, during } = createWatchdog(100, never);
    await during(Promise.resolve());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(signal.aborted).toBe(false);
  });

  test('ends the request when the outer signal is aborted, or already was', () => {
    const outer = new AbortController();
    const during = createWatchdog(100, outer.signal);
    outer.abort(new Error('Enough.'));
    expect(during.signal.reason).toBe(outer.signal.reason);
    expect(createWatchdog(100, outer.signal).signal.aborted).toBe(true);
  });

  test('ends the request and leaves nothing behind when closed', () => {
    const watchdog = createWatchdog(100, never);
    watchdog.close();
    expect(watchdog.signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
