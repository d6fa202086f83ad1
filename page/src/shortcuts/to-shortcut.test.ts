import { expect, test } from 'vitest';
import { toShortcut } from './to-shortcut.ts';

const press = {
  key: 'n',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  isComposing: false,
  keyCode: 78,
};

test('a single key is a shortcut', () => {
  expect(toShortcut(press)).toBe('create');
  expect(toShortcut({ ...press, key: 'N' })).toBe('create');
  expect(toShortcut({ ...press, key: '?' })).toBe('help');
  expect(toShortcut({ ...press, key: 'x' })).toBeUndefined();
});

test('a key with a modifier is the browser’s, and a key of an input method is text', () => {
  for (const other of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { repeat: true }])
    expect(toShortcut({ ...press, ...other })).toBeUndefined();
  expect(toShortcut({ ...press, isComposing: true })).toBeUndefined();
  expect(toShortcut({ ...press, keyCode: 229 })).toBeUndefined();
});
