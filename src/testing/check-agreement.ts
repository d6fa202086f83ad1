import { sameJson } from './same-json.ts';
import type { SpanView, Span } from './spans.ts';
import { violate } from './violation.ts';
import type { Violation } from './violation.ts';

/** Checks R6: if an entry is in no log any more, the readers must at least agree on what was at its place. */
export function checkAgreement(readers: readonly (readonly Span[])[]): readonly Violation[] {
  const first = new Map<string, SpanView & { readonly reader: string }>();
  const violations: Violation[] = [];
  for (const { reader, entries } of readers.flat()) {
    for (const seen of entries) {
      if (seen.standing !== 'untold') continue;
      const place = `${reader.session} ${seen.seq}`;
      const other = first.get(place);
      if (other === undefined) first.set(place, { ...seen, reader: reader.reader });
      else if (other.id !== seen.id || !sameJson(other.event, seen.event)) {
        const where = { session: reader.session, reader: reader.reader, connection: seen.connection };
        const message = `${reader.reader} saw ${seen.id} where ${other.reader} saw ${other.id}, or another event under that id.`;
        violations.push(violate('R6', message, where, [other.id, seen.id]));
      }
    }
  }
  return violations;
}
