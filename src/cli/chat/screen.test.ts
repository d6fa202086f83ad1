import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createScreen } from './screen.ts';
import type { Screen } from './screen.ts';

function show(draw: (screen: Screen) => void, isTTY = false, env: NodeJS.ProcessEnv = {}): string {
  const output = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY });
  draw(createScreen(output, env));
  return String(output.read() ?? '');
}

describe('a screen', () => {
  test('starts a new line only when the current one has text', () => {
    const text = show((screen) => {
      screen.line('one');
      screen.text('tw');
      screen.text('o');
      screen.line('three');
      screen.text('four\n');
      screen.endLine();
      screen.endLine();
    });
    expect(text).toBe('one\ntwo\nthree\nfour\n');
  });

  test('joins a character that arrives in two halves', () => {
    const text = show((screen) => {
      screen.text('a\ud83d');
      screen.text('\udc4bb');
    });
    expect(text).toBe('a👋b');
  });

  test('writes colours on a terminal', () => {
    expect(show((screen) => screen.line('x', 'red'), true)).toBe('\u001b[31mx\u001b[39m\n');
  });

  test.each([
    ['in a pipe', false, {}],
    ['when NO_COLOR is set', true, { NO_COLOR: '1' }],
    ['on a dumb terminal', true, { TERM: 'dumb' }],
  ])('writes no colours %s', (_, isTTY, env) => {
    expect(show((screen) => screen.line('x', 'red'), isTTY, env)).toBe('x\n');
  });
});
