import { createChain } from '../../dialects/index.ts';
import type { Dialect, DialectRequest, Intent, OutgoingMessage, Show } from '../../dialects/index.ts';
import { RefusalError, toText } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';

/** A dialect for tests. Its requests say in their bodies and queries what they want. */
export function createTestDialect(name = 'test'): Dialect {
  return {
    name,
    onCut: 'destroy',
    cors: { allow: [`x-${name}`], expose: [`x-${name}-turn`] },
    headers: ({ turn }) => ({ 'x-test-turn': turn }),
    routes: [
      { method: 'POST', path: `/${name}`, acts: true, streams: true, types: ['text/plain'], decode, refuse },
      { method: 'POST', path: `/${name}/:thread`, acts: true, streams: true, decode, refuse },
      {
        method: 'GET',
        path: `/${name}/:thread/stream`,
        acts: false,
        streams: true,
        decode: decodeRead,
        refuse,
      },
      { method: 'GET', path: `/${name}-open`, acts: false, open: true, decode: () => hello },
    ],
    open: ({ scope }) => {
      const chain = createChain(scope);
      return {
        project: ({ event }) => {
          if (chain.see(event) !== 'own') return [];
          const isPart = 'part' in event && typeof scope !== 'string';
          if (isPart && scope.withdrawn?.has(`${event.turn}:${event.part}`)) return [];
          return event.type === 'content' ? [{ data: event.data }] : [{ data: `<${event.type}>` }];
        },
        announce: ({ type }) => [{ data: `<<${type}>>` }],
        get over() {
          return chain.end !== undefined;
        },
      };
    },
  };
}

const hello: Intent = { type: 'reply', reply: { body: { hello: true } } };

function refuse({ code, message }: { readonly code: string; readonly message: string }): { body: string } {
  return { body: `${code}: ${message}` };
}

function decode({ params, body }: DialectRequest): Intent {
  const thread = { type: 'named', name: params['thread'] ?? textOf(body['thread']) ?? '' } as const;
  const show = toShow(textOf(body['show']), {});
  const key = textOf(body['key']);
  if (body['cancel'] === true) return { type: 'cancel', thread, show, none: { status: 204 } };
  const { decisions: told } = body;
  if (isRecord(told) || Array.isArray(told)) {
    const pairs: readonly (readonly [string, unknown])[] = Array.isArray(told) ? told : Object.entries(told);
    const decisions = pairs.map(([approval, decision]) => ({ approval, decision }));
    return { type: 'answer', thread, decisions, show };
  }
  if (body['bad'] === true) throw new RefusalError('malformed', 'That is bad.');
  if (body['broken'] === true) throw new Error('A fault of the dialect.');
  const { text, ref, run, replaces, seen } = body;
  const names = { ref: textOf(ref), run: textOf(run), replaces: textOf(replaces), seen: textOf(seen) };
  const given = Object.entries(names).filter(([, value]) => value !== undefined);
  const message: OutgoingMessage = { content: text, ...Object.fromEntries(given) };
  return { type: 'send', thread, message, show, ...(key !== undefined && { key }) };
}

function decodeRead({ params, query, header }: DialectRequest): Intent {
  const after = header('last-event-id');
  const skip = query.get('skip');
  const stream = {
    ...(after !== undefined && { after }),
    ...(skip !== null && { skip: Number(skip) }),
    ...(query.has('whole') && { whole: true as const }),
    ...(query.has('fresh') && { fresh: true as const }),
  };
  const thread = { type: 'named', name: params['thread'] ?? '' } as const;
  return {
    type: 'read',
    thread,
    of: query.has('recent') ? 'recent' : 'open',
    show: toShow(query.get('show'), stream),
    none: { status: 204 },
  };
}

function toShow(how: string | null | undefined, stream: Omit<Show & { as: 'stream' }, 'as'>): Show {
  if (how !== 'whole' && how !== 'now') return { as: 'stream', ...stream };
  return {
    as: how,
    reply: ({ state, exchange, thread }) => ({
      body: {
        thread,
        turn: exchange?.turn,
        said: state.messages.map((each) =>
          each.role === 'user'
            ? toText(each.content)
            : each.parts.map((part) => (part.type === 'text' ? part.text : part.type)).join(''),
        ),
      },
    }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
