import type { BareFrame } from './bare-frame.ts';
import type { Dialect } from './dialect.ts';
import { typed } from './typed.ts';

/**
 * Creates the native dialect for a stream of several sessions. The data of each frame has its session and its
 * id.
 */
export function tagged(session: string): Dialect {
  const tag = (frames: readonly BareFrame[], id?: string): readonly BareFrame[] =>
    frames.map(({ data }) => ({ data: toData(session, id, data) }));
  return {
    name: 'tagged',
    onCut: typed.onCut,
    open: (context) => {
      const projection = typed.open(context);
      return {
        project: (entry) => tag(projection.project(entry), entry.id),
        announce: (event) => tag(projection.announce(event)),
        get over() {
          return projection.over;
        },
      };
    },
  };
}

/** Builds the JSON by hand, because the event is JSON already. */
function toData(session: string, id: string | undefined, event: string): string {
  const place = id === undefined ? '' : `"id":${JSON.stringify(id)},`;
  return `{"session":${JSON.stringify(session)},${place}"event":${event}}`;
}
