import { RefusalError, mint } from '../protocol/index.ts';
import type { Entry } from '../protocol/index.ts';
import type { Engine, OnBusy } from '../turns/index.ts';
import { json } from './answer.ts';
import { digest } from './derive.ts';
import { readJson } from './read-json.ts';
import { readKey, toContent, toOptionalText } from './request-fields.ts';
import type { Route } from './routes.ts';

/** The routes that send into a session: messages, and what takes them back or stops their turn. */
export function messageRoutes(engine: Engine): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/message/:session',
      acts: true,
      handle: async (ask, { owner, session }) => {
        const body = await readJson(ask);
        const content = toContent(body['content'], 'content');
        const author = toOptionalText(body['author'], 'author');
        const onBusy = toOnBusy(body['on_busy']);
        const id = readKey(ask);
        const key =
          id === undefined
            ? undefined
            : { id, digest: await digest(JSON.stringify([content, author, onBusy])) };
        const names = { message: mint(16), turn: mint(16) };
        const { entries } = await engine.submit(
          session,
          { type: 'message', ...names, content, author, onBusy, at: Date.now() },
          { owner, key },
        );
        return json(202, toReceipt(entries));
      },
    },
    {
      method: 'POST',
      path: '/cancel/:session',
      acts: true,
      handle: async (ask, { owner, session }) => {
        const turn = toOptionalText((await readJson(ask))['turn_id'], 'turn_id');
        await engine.submit(session, { type: 'cancel', turn }, { owner });
        return json(202, { status: 'ok' });
      },
    },
    {
      method: 'POST',
      path: '/withdraw/:session',
      acts: true,
      handle: async (ask, { owner, session }) => {
        const message = toOptionalText((await readJson(ask))['message_id'], 'message_id');
        if (message === undefined) throw new RefusalError('malformed', '"message_id" is missing.');
        await engine.submit(session, { type: 'withdraw', message }, { owner });
        return json(202, { status: 'ok' });
      },
    },
  ];
}

/** What the sender of a message is told: the same for a repeat as for the first time. */
function toReceipt(entries: readonly Entry[]): {
  readonly status: 'ok';
  readonly message_id: string;
  readonly turn_id: string;
  readonly id: string;
} {
  for (const { id, event } of entries) {
    if (event.type === 'message') return { status: 'ok', message_id: event.message, turn_id: event.turn, id };
  }
  // The key belongs to another kind of request of this session.
  throw new RefusalError('key_reused');
}

function toOnBusy(value: unknown): OnBusy {
  if (value === undefined) return 'queue';
  if (value === 'queue' || value === 'reject' || value === 'interrupt') return value;
  throw new RefusalError('malformed', '"on_busy" must be "queue", "reject" or "interrupt".');
}
