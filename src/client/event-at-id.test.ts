import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson, toEvent as decode } from './event-at-id.ts';
import type { EventAtId } from './event-at-id.ts';

const toEvent = (name: string, text: string): EventAtId['event'] => decode(name, parseJson(text));

describe('an event from outside', () => {
  test('is returned as it is if it has all fields of its type', () => {
    const event = { type: 'content', turn: 't', part: 'p', data: 'Hi' };
    expect(toEvent('message', JSON.stringify(event))).toEqual(event);
    expect(toEvent('message', '{"type":"end"}')).toEqual({ type: 'end' });
  });

  test('is unknown if this version does not know its type', () => {
    const data = { type: 'from_the_future', more: 1 };
    expect(toEvent('message', JSON.stringify(data))).toEqual({
      type: 'unknown',
      name: 'from_the_future',
      data,
    });
  });

  test('is unknown if a field is missing or of another type', () => {
    const data = { type: 'content', data: 7 };
    expect(toEvent('message', JSON.stringify(data))).toEqual({ type: 'unknown', name: 'content', data });
    expect(toEvent('message', '{"type":"resync","state":{}}').type).toBe('unknown');
  });

  test('has the name of its frame if it has no type', () => {
    expect(toEvent('content', '{"content":"Hi"}')).toEqual({
      type: 'unknown',
      name: 'content',
      data: { content: 'Hi' },
    });
    expect(toEvent('message', '[DONE]')).toEqual({ type: 'unknown', name: 'message', data: '[DONE]' });
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.string(), fc.json()), (name, text) => {
        expect(typeof toEvent(name, text).type).toBe('string');
      }),
    );
  });
});
