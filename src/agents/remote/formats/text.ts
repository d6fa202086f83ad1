import type { Hearer } from '../remote-format.ts';

/** Listens to plain text. */
export function listenToText(): Hearer {
  return {
    hear: ({ text }) => [{ type: 'content', data: text }],
    end: (isFramed) => (isFramed ? [{ type: 'end' }] : []),
  };
}
