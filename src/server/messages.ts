import { RefusalError } from '../protocol/index.ts';
import { mint } from '../protocol/internal.ts';
import type { Transcripts } from '../transcripts/index.ts';
import type { Engine, OnBusy } from '../turns/index.ts';
import { json } from './reply.ts';
import { readJson } from './read-json.ts';
import { toReceipt } from './receipt.ts';
import { readKey, toContent, toOptionalText } from './request-fields.ts';
import type { Route } from './routes.ts';

export interface MessageRoutesOptions {
  readonly engine: Engine;
  readonly transcripts: Transcripts;
}

/** The longest decision, in UTF-16 units of its JSON. */
const maxDecision = 64 * 1024;

/** Returns the routes that send into a session: messages, cancels, answers to approvals, and withdrawals. */
export function messageRoutes({ engine, transcripts }: MessageRoutesOptions): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/message/:session',
      acts: true,
      handle: async (request, { owner, session, spend }) => {
        const body = await readJson(request);
        const content = toContent(body['content'], 'content');
        const author = toOptionalText(body['author'], 'author');
        const onBusy = toOnBusy(body['on_busy']);
        const replaces = toOptionalText(body['replaces'], 'replaces');
        const seen = toOptionalText(body['seen'], 'seen');
        // A body without `seen` keeps the digest that it had before there was the field.
        const more = seen === undefined ? [] : [seen];
        const text = JSON.stringify([content, author, onBusy, replaces, ...more]);
        const key = await readKey(request, 'message', text);
        const check = replaces === undefined ? undefined : () => findMisfit(transcripts, session, replaces);
        await spend('messages');
        const names = { message: mint(16), turn: mint(16) };
        const { entries } = await engine.submit(
          session,
          { type: 'message', ...names, content, author, replaces, onBusy, seen, at: Date.now() },
          { owner, key, check },
        );
        return json(202, { status: 'ok', ...toReceipt(entries) });
      },
    },
    {
      method: 'POST',
      path: '/cancel/:session',
      acts: true,
      handle: async (request, { owner, session }) => {
        const turn = toOptionalText((await readJson(request))['turn_id'], 'turn_id');
        await engine.submit(session, { type: 'cancel', turn, at: Date.now() }, { owner });
        return json(202, { status: 'ok' });
      },
    },
    {
      method: 'POST',
      path: '/answer/:session',
      acts: true,
      handle: async (request, { owner, session }) => {
        const body = await readJson(request);
        const approval = toOptionalText(body['approval_id'], 'approval_id');
        const turn = toOptionalText(body['turn_id'], 'turn_id');
        const author = toOptionalText(body['author'], 'author');
        const { decision } = body;
        if (approval === undefined) throw new RefusalError('malformed', '"approval_id" is missing.');
        if (decision === undefined) throw new RefusalError('malformed', '"decision" is missing.');
        const text = JSON.stringify([approval, turn, decision, author]);
        if (text.length > maxDecision) throw new RefusalError('too_large', '"decision" is too large.');
        const key = await readKey(request, 'answer', text);
        const command = { type: 'answer', approval, turn, decision, author, at: Date.now() } as const;
        await engine.submit(session, command, { owner, key });
        return json(202, { status: 'ok' });
      },
    },
    {
      method: 'POST',
      path: '/withdraw/:session',
      acts: true,
      handle: async (request, { owner, session }) => {
        const message = toOptionalText((await readJson(request))['message_id'], 'message_id');
        if (message === undefined) throw new RefusalError('malformed', '"message_id" is missing.');
        const key = await readKey(request, 'withdraw', message);
        await engine.submit(session, { type: 'withdraw', message, at: Date.now() }, { owner, key });
        return json(202, { status: 'ok' });
      },
    },
  ];
}

/** Returns a refusal if a message cannot replace another one, because no message in force has that name. */
async function findMisfit(
  transcripts: Transcripts,
  session: string,
  replaced: string,
): Promise<RefusalError | undefined> {
  // Most edits are of a message near the end.
  for (const part of [{ messages: 16 }, {}]) {
    const state = (await transcripts.read(session, part))?.state;
    if (state?.messages.some((message) => message.role === 'user' && message.message === replaced))
      return undefined;
    if (!state?.earlier) break;
  }
  return new RefusalError('malformed', 'There is no message of that name to replace.');
}

function toOnBusy(value: unknown): OnBusy {
  switch (value) {
    case undefined:
      return 'queue';
    case 'queue':
    case 'reject':
    case 'interrupt':
    case 'supersede':
      return value;
    default:
      throw new RefusalError('malformed', '"on_busy" must be "queue", "reject", "interrupt" or "supersede".');
  }
}
