import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toPrintable } from './to-printable.ts';

describe('text from outside', () => {
  test.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['the window title', '\u001b]0;pwned\u0007text', 'text'],
    ['the clipboard', '\u001b]52;c;aGk=\u0007text', 'text'],
    ['cursor moves', 'a\u001b[2Jb\u001b[Hc', 'abc'],
    ['commands in one C1 character', 'a\u009b31mb', 'ab'],
    ['characters that overwrite a line', 'safe\rdanger\b\b', 'safedanger'],
    ['the bell', 'a\u0007b\u0000c', 'abc'],
  ])('loses %s', (_, text, shown) => {
    expect(toPrintable(text)).toBe(shown);
  });

  test('keeps line breaks, tabs and every script', () => {
    const text = 'Grüße\n\taus 東京 👩‍💻 שלום';
    expect(toPrintable(text)).toBe(text);
  });

  test('has no control character left, wherever the text is cut', () => {
    const pieces = fc.array(
      fc.constantFrom('\u001b', '[', ']', '31', 'm', '\u009b', '\u0007', '\r', 'a', '\n'),
    );
    fc.assert(
      fc.property(pieces, fc.nat(20), (texts, at) => {
        const text = texts.join('');
        const shown = toPrintable(text.slice(0, at)) + toPrintable(text.slice(at));
        expect([...shown].every((character) => character === '\n' || character >= ' ')).toBe(true);
        expect(/[\u007f-\u009f]/.test(shown)).toBe(false);
      }),
    );
  });
});
