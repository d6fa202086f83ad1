import { isRecord } from '../../protocol/internal.ts';
import type { SpokenAgUiEvent } from './ag-ui-event.ts';

/**
 * Returns the event of an agent's custom event. `state` replaces the state of the client, and `state_delta`
 * changes it by a JSON Patch (RFC 6902). Data that is no patch stays a custom event, because a malformed patch
 * ends the run in the client.
 */
export function toCustom(name: string, data: unknown): SpokenAgUiEvent {
  if (name === 'state') return { type: 'STATE_SNAPSHOT', snapshot: data ?? null };
  if (name === 'state_delta' && isPatch(data)) return { type: 'STATE_DELTA', delta: data };
  return { type: 'CUSTOM', name, value: data ?? null };
}

function isPatch(data: unknown): data is readonly unknown[] {
  return Array.isArray(data) && data.every(isOperation);
}

function isOperation(value: unknown): boolean {
  if (!isRecord(value) || !isPointer(value['path'])) return false;
  switch (value['op']) {
    case 'add':
    case 'replace':
    case 'test':
      return 'value' in value;
    case 'remove':
      return true;
    case 'move':
    case 'copy':
      return isPointer(value['from']);
    default:
      return false;
  }
}

/** Returns whether a value is a JSON Pointer (RFC 6901). */
function isPointer(value: unknown): boolean {
  return typeof value === 'string' && /^(?:\/(?:[^/~]|~[01])*)*$/u.test(value);
}
