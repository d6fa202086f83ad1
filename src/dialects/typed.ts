import type { Dialect } from './dialect.ts';
import { createOneShot } from './one-shot.ts';

/**
 * The native dialect: each entry is one unnamed frame with the event as JSON. A one-shot stream ends with
 * `{"type":"end"}`.
 */
export const typed: Dialect = {
  name: 'typed',
  onCut: 'destroy',
  open: ({ scope, state }) => {
    const oneShot = createOneShot(scope, state);
    return {
      project: (entry) => {
        const frame = { data: JSON.stringify(entry.event) };
        return oneShot.see(entry) ? [frame, { data: '{"type":"end"}' }] : [frame];
      },
      announce: (event) => [{ data: JSON.stringify(event) }],
      get over() {
        return oneShot.over;
      },
    };
  },
};
