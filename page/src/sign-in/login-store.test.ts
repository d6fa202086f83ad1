import { expect, test, vi } from 'vitest';
import { createLoginStore } from './login-store.ts';
import type { LoginStore } from './login-store.ts';
import { nobody } from './login.ts';

interface Tab extends LoginStore {
  /** What it keeps over a reload. */
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

test('nobody is asked before the server asks, and then once', () => {
  const tab = openTab();
  expect(tab.get()).toEqual({ login: nobody, signOuts: 0 });
  tab.refuse(nobody);
  const first = tab.get();
  expect(first).toEqual({ login: nobody, asked: 'first', signOuts: 0 });
  tab.refuse(nobody);
  expect(tab.get()).toBe(first);
});

test('a key is kept for the tab, and taken up after a reload', async () => {
  const tab = openTab();
  await tab.resume();
  expect(tab.get().login).toBe(nobody);
  await tab.signIn('ada-key');
  expect(tab.get()).toMatchObject({ login: { key: 'ada-key' } });
  const reloaded = openTab(tab.kept());
  await reloaded.resume();
  expect(reloaded.get()).toEqual(tab.get());
});

test('where channels are refused one signs in, and out for the tab itself', async () => {
  vi.stubGlobal('BroadcastChannel', function refuse() {
    throw new DOMException('Access is denied.', 'SecurityError');
  });
  const tab = openTab();
  await tab.signIn('ada-key').finally(() => vi.unstubAllGlobals());
  expect(tab.get()).toMatchObject({ login: { key: 'ada-key' } });
  tab.signOut();
  expect(tab.get()).toEqual({ login: nobody, asked: 'first', signOuts: 1 });
});

test('a key that is refused is forgotten, and asked for again without anything else being lost', async () => {
  const tab = openTab();
  await tab.signIn('ada-key');
  tab.refuse(tab.get().login);
  expect(tab.get()).toEqual({ login: nobody, asked: 'again', signOuts: 0 });
  expect(tab.kept()).toBeUndefined();
  expect(tab.onSignOut).not.toHaveBeenCalled();
});

test('a late refusal of an earlier key does not concern who is signed in now', async () => {
  const tab = openTab();
  await tab.signIn('ada-key');
  const { login } = tab.get();
  tab.refuse(login);
  await tab.signIn('ada-key');
  tab.refuse(login);
  expect(tab.get()).toMatchObject({ login: { key: 'ada-key' } });
  expect(tab.kept()).toBe('ada-key');
});

test('who signs out leaves all tabs with their key, of that server', async () => {
  const [eves, elsewhere] = [openTab(), openTab(undefined, 'https://b.example')];
  await eves.signIn('eve-key');
  await elsewhere.signIn('ada-key');
  // Twice: by the second time the first has come wherever it was to come.
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
