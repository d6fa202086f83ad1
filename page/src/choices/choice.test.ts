import { onTestFinished, expect, test, vi } from 'vitest';
import { createChoice } from './choice.ts';

function useStorage(kept: Record<string, string>): Record<string, string> {
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept[name] ?? null,
    setItem: (name: string, value: string) => (kept[name] = value),
    removeItem: (name: string) => delete kept[name],
  });
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  return kept;
}

test('a choice is kept, and told to those who show it', () => {
  const kept = useStorage({});
  const choice = createChoice('theme', ['system', 'dark']);
  const listener = vi.fn();
  const stop = choice.subscribe(listener);
  expect(choice.get()).toBe('system');
  choice.set('dark');
  expect(choice.get()).toBe('dark');
  expect(kept).toEqual({ 'heddle theme': 'dark' });
  expect(createChoice('theme', ['system', 'dark']).get()).toBe('dark');
  stop();
  choice.set('system');
  expect(listener).toHaveBeenCalledOnce();
});

test('an unknown kept value counts as none', () => {
  useStorage({ 'heddle theme': '<b>' });
  expect(createChoice('theme', ['system', 'dark']).get()).toBe('system');
});

test('without storage a choice lasts as long as the page', () => {
  const choice = createChoice('theme', ['system', 'dark']);
  choice.set('dark');
  expect(choice.get()).toBe('dark');
});
