import { expect, test, vi } from 'vitest';
import { createLoginStore } from './login-store.ts';
import type { LoginStore } from './login-store.ts';
import { nobody } from './login.ts';

interface Tab extends LoginStore {
  /** Returns the key that the tab keeps across a reload. */
  kept(): string | undefined;
  readonly onSignOut: () => void;
}

function openTab(key?: string, url = 'https://a.example'): Tab {
  let kept = key;
  const onSignOut = vi.fn();
  const store = createLoginStore({
    kept: { read: () => kept, keep: (next) => (kept = next), forget: () => (kept = undefined) },
    url,
    onSignOut,
  });
  return { ...store, kept: () => kept, onSignOut };
}

const asked = (tab: LoginStore): Promise<void> =>
  new Promise((resolve) => {
    const stop = tab.subscribe(() => {
      if (tab.get().asked === undefined) return;
      stop();
      resolve();
    });
  });

test('the page asks for a sign-in only after the server refuses, and once', () => {
  const tab = openTab();
  expect(tab.get()).toEqual({ login: nobody, signOuts: 0 });
  tab.refuse(nobody);
  const first = tab.get();
  expect(first).toEqual({ login: nobody, asked: 'first', signOuts: 0 });
  tab.refuse(nobody);
  expect(tab.get()).toBe(first);
});

test('a key is kept for the tab and used again after a reload', async () => {
  const tab = openTab();
  await tab.resume();
  expect(tab.get().login).toBe(nobody);
  await tab.signIn('ada-key');
  expect(tab.get()).toMatchObject({ login: { key: 'ada-key' } });
  const reloaded = openTab(tab.kept());
  await reloaded.resume();
  expect(reloaded.get()).toEqual(tab.get());
});

test('when channels are refused, a tab signs in and out by itself', async () => {
  vi.stubGlobal('BroadcastChannel', function refuse() {
    throw new DOMException('Access is denied.', 'SecurityError');
  });
  const tab = openTab();
  await tab.signIn('ada-key').finally(() => vi.unstubAllGlobals());
  expect(tab.get()).toMatchObject({ login: { key: 'ada-key' } });
  tab.signOut();
  expect(tab.get()).toEqual({ login: nobody, asked: 'first', signOuts: 1 });
});

test('a refused key is forgotten and asked for again, and nothing else is lost', async () => {
  const tab = openTab();
  await tab.signIn('ada-key');
  tab.refuse(tab.get().login);
  expect(tab.get()).toEqual({ login: nobody, asked: 'again', signOuts: 0 });
  expect(tab.kept()).toBeUndefined();
  expect(tab.onSignOut).not.toHaveBeenCalled();
});

test('a late refusal of an earlier login does not affect the current one', async () => {
  const tab = openTab();
  await tab.signIn('ada-key');
  const { login } = tab.get();
  tab.refuse(login);
  await tab.signIn('ada-key');
  tab.refuse(login);
  expect(tab.get()).toMatchObject({ login: { key: 'ada-key' } });
  expect(tab.kept()).toBe('ada-key');
});

test('a sign-out signs out all tabs with the same key and server', async () => {
  const [eves, elsewhere] = [openTab(), openTab(undefined, 'https://b.example')];
  await eves.signIn('eve-key');
  await elsewhere.signIn('ada-key');
  // Twice: when the second sign-out has arrived, the first has arrived everywhere.
  for (let time = 0; time < 2; time += 1) {
    const [one, two] = [openTab(), openTab()];
    await one.signIn('ada-key');
    await two.signIn('ada-key');
    const heard = asked(two);
    one.signOut();
    await heard;
    for (const tab of [one, two]) {
      expect(tab.get()).toEqual({ login: nobody, asked: 'first', signOuts: 1 });
      expect(tab.kept()).toBeUndefined();
      expect(tab.onSignOut).toHaveBeenCalledOnce();
    }
  }
  for (const tab of [eves, elsewhere]) {
    expect(tab.get().asked).toBeUndefined();
    tab.signOut();
  }
});
