import { createKept } from '../app/kept.ts';

/** A choice of the user between a few values, kept for later visits. */
export interface Choice<T extends string> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

/**
 * Creates a choice that the browser keeps for all pages of this origin. The first value applies until the
 * user chooses. Without storage the choice lasts as long as the page.
 */
export function createChoice<T extends string>(name: string, values: readonly [T, ...T[]]): Choice<T> {
  const kept = createKept(`heddle ${name}`, () => localStorage);
  const listeners = new Set<() => void>();
  const read = (): T => values.find((value) => value === kept.read()) ?? values[0];
  let chosen = read();
  return {
    get: () => chosen,
    set(value) {
      chosen = value;
      kept.keep(value);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
