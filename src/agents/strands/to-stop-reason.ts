/** Names in the protocol's spelling why a model stopped: `endTurn` → `end_turn`. What is not a plain name becomes `other`. */
export function toStopReason(reason: unknown): string {
  if (typeof reason !== 'string') return 'other';
  const name = reason.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return /^[a-z][a-z_]{0,39}$/.test(name) ? name : 'other';
}
