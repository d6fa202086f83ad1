import type { Dialect } from '../dialect.ts';
import { readConnect } from './connect.ts';
import { copilotRoutes } from './copilot.ts';
import type { CopilotAgent } from './copilot.ts';
import { readName, readRun, readStop } from './decode.ts';
import { openAgUi } from './project.ts';
import { toPlainRefusal } from './plain-refusal.ts';
import { readGet } from './tan-stack.ts';

export interface AgUiOptions {
  /** The path of the routes for `HttpAgent` and TanStack AI. @default '/agui' */
  readonly path?: string;
  /** The path of the routes for CopilotKit: its `runtimeUrl`. @default '/copilot' */
  readonly copilotPath?: string;
  /** The agent as CopilotKit lists it. */
  readonly agent?: CopilotAgent;
}

/**
 * Creates the dialect for clients of AG-UI: `HttpAgent` of `@ag-ui/client`, CopilotKit without its runtime,
 * and TanStack AI. It serves AG-UI 1, and 0.x for clients that declare no version.
 */
export function agUi({ path = '/agui', copilotPath = '/copilot', agent = {} }: AgUiOptions = {}): Dialect {
  return {
    name: 'ag-ui',
    onCut: 'destroy',
    // TanStack AI sends its run in a header, too.
    cors: { allow: ['x-run-id'], expose: [] },
    open: openAgUi,
    routes: [
      { method: 'POST', path, acts: true, streams: true, decode: readRun, refuse: toPlainRefusal },
      {
        method: 'POST',
        path: `${path}/connect`,
        acts: true,
        streams: true,
        decode: readConnect,
        refuse: toPlainRefusal,
      },
      {
        method: 'POST',
        path: `${path}/stop`,
        acts: true,
        decode: ({ body }) => readStop(readName(body, 'threadId'), body),
        refuse: toPlainRefusal,
      },
      { method: 'GET', path, acts: false, streams: true, decode: readGet, refuse: toPlainRefusal },
      ...copilotRoutes(copilotPath, agent),
    ],
  };
}
