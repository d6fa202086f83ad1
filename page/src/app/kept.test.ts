import { expect, test } from 'vitest';
import { createKept } from './kept.ts';

const refusing = (): Storage => {
  throw new DOMException('Access is denied.', 'SecurityError');
};

test('a text survives a reload until it is forgotten', () => {
  const storage = createStorage();
  createKept('a', () => storage).keep('half a thou');
  const reloaded = createKept('a', () => storage);
  expect(reloaded.read()).toBe('half a thou');
  expect(createKept('b', () => storage).read()).toBeUndefined();
  reloaded.forget();
  expect(reloaded.read()).toBeUndefined();
  expect(createKept('a', () => storage).read()).toBeUndefined();
});

test('when storage is turned off only the page keeps the text, and nothing breaks', () => {
  const kept = createKept('a', refusing);
  kept.keep('half a thou');
  expect(kept.read()).toBe('half a thou');
  expect(createKept('a', refusing).read()).toBeUndefined();
  kept.forget();
  expect(kept.read()).toBeUndefined();
});

test('when storage is full a reload finds nothing, not an older text', () => {
  const storage = createStorage(20);
  const kept = createKept('a', () => storage);
  kept.keep('short');
  kept.keep('much too long for this storage');
  expect(kept.read()).toBe('much too long for this storage');
  expect(createKept('a', () => storage).read()).toBeUndefined();
});

/** Creates a storage that holds texts of up to so many characters. */
function createStorage(most = Infinity): Storage {
  const texts = new Map<string, string>();
  return {
    get length() {
      return texts.size;
    },
    key: (index) => [...texts.keys()][index] ?? null,
    getItem: (name) => texts.get(name) ?? null,
    setItem(name, text) {
      if (text.length > most) throw new DOMException('It is full.', 'QuotaExceededError');
      texts.set(name, text);
    },
    removeItem: (name) => void texts.delete(name),
    clear: () => texts.clear(),
  };
}
