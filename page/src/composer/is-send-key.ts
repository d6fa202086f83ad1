/** The parts of a key press that decide whether it sends. */
export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/**
 * Returns whether a key press sends: Enter does, but not the Enter that confirms a conversion in an input
 * method (Japanese, Chinese, Korean). Safari ends the composition before it reports that key, and only key
 * code 229 identifies it.
 */
export function isSendKey(press: KeyPress): boolean {
  return press.key === 'Enter' && !press.shiftKey && !isComposing(press);
}

export function isComposing({
  isComposing: composing,
  keyCode,
}: Pick<KeyPress, 'isComposing' | 'keyCode'>): boolean {
  return composing || keyCode === 229;
}
