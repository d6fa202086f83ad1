import { expect, test } from 'vitest';
import { openTogether } from '../readers/index.ts';
import type { Sink } from '../readers/index.ts';
import { overlay } from './overlay.ts';

test('streams that share an overlaid sink get every field of it', () => {
  const seen: string[] = [];
  const sink = Object.freeze({
    write: (text: string) => void seen.push(text),
    held: 0,
    drained: (wake: () => void) => wake(),
    close: (how: string) => void seen.push(how),
    /** A field that sinks may get in a later version. */
    later: () => 'later',
  });
  const open = (shared: Sink) => {
    seen.push((shared as typeof sink).later());
    return () => shared.close('end');
  };
  const close = () => void seen.push('replaced');
  openTogether([open], 'opening', overlay(sink, { close }))();
  expect(seen).toEqual(['opening', 'later']);
});
