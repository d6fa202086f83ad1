import { useSyncExternalStore } from 'react';
import type { Choice } from './choice.ts';

export function useChoice<T extends string>(choice: Choice<T>): T {
  return useSyncExternalStore(choice.subscribe, choice.get, choice.get);
}
