import { isComposing } from '../composer/is-send-key.ts';
import type { KeyPress } from '../composer/is-send-key.ts';

/** The parts of a key press that decide whether it is a shortcut. */
export interface ShortcutPress extends Omit<KeyPress, 'shiftKey'> {
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly repeat: boolean;
}

/** The keys of the shortcuts. Single letters, because browsers use almost all combinations themselves. */
export const shortcutKeys = { create: 'n', write: 'm', copy: 'c', list: 'b', help: '?' } as const;

export type Shortcut = keyof typeof shortcutKeys;

export const shortcuts: readonly Shortcut[] = ['create', 'write', 'copy', 'list', 'help'];

/** Returns the shortcut of a key press outside of text boxes; undefined when it has another meaning. */
export function toShortcut(press: ShortcutPress): Shortcut | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey || press.repeat || isComposing(press)) return undefined;
  return shortcuts.find((name) => shortcutKeys[name] === press.key.toLowerCase());
}
