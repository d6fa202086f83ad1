/**
 * Returns a stop reason in the protocol's spelling: `endTurn`, `end-turn` → `end_turn`; `other` for any odd
 * value.
 */
export function toStopReason(reason: unknown): string {
  if (typeof reason !== 'string') return 'other';
  const name = reason.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('-', '_');
  return /^[a-z][a-z_]{0,39}$/.test(name) ? name : 'other';
}
