import { expectTypeOf } from 'vitest';
import type { Session } from '../client/index.ts';
import type { MessageState, ToolPart } from '../protocol/index.ts';
import type { SessionStatus, SessionView } from './index.ts';
import { useSession } from './index.ts';

/** Checks the types of the arguments, and that the result narrows by role, type and status. */
export function useChecks(session: Session): void {
  useSession(session);
  useSession(session, { headers: async () => ({ authorization: 'x' }) });
  const view = useSession('https://example.com/agents', { headers: { authorization: 'x' }, metadata: [1] });
  // @ts-expect-error: the URL is the source.
  useSession(session, { url: 'https://example.com' });
  // @ts-expect-error: a hook has a source from its first render on.
  useSession(undefined);

  expectTypeOf(view).toEqualTypeOf<SessionView>();
  expectTypeOf(view.messages).toEqualTypeOf<readonly MessageState[]>();
  expectTypeOf(view.status).toEqualTypeOf<SessionStatus>();
  const [message] = view.messages;
  if (message?.role !== 'agent') return;
  const [part] = message.parts;
  if (part?.type === 'tool') expectTypeOf(part).toEqualTypeOf<ToolPart>();
}
