// Answers to the approvals of one exchange.
import { afterEach, expect, test } from 'vitest';
import type { Dialect, DialectRequest, Show } from '../../dialects/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import type { Turn } from '../../protocol/index.ts';
import { ask, createTestServer } from '../server.fixture.ts';
import type { Server } from '../index.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

async function* answer({ input, turn }: Turn) {
  if (input.type === 'answers') yield JSON.stringify(input.answers.map(({ decision }) => decision));
  else if (input.content === 'ask')
    for (const name of ['one', 'two'])
      yield { type: 'approval_request', approval: `${name}-${turn}`, reason: name } as const;
  else yield 'hello';
}

/** Shows what the session waits for, and what the agent has said of its approvals. */
const show: Show = {
  as: 'whole',
  reply: ({ state, exchange }) => ({
    body: {
      message: exchange?.message,
      open: state.approvals.map(({ approval }) => approval),
      said: state.messages.flatMap((each) =>
        each.role === 'agent' ? each.parts.flatMap((part) => (part.type === 'text' ? part.text : [])) : [],
      ),
    },
  }),
};

const dialect: Dialect = {
  name: 'asking',
  onCut: 'destroy',
  routes: [
    {
      method: 'POST',
      path: '/asking',
      acts: true,
      decode: ({ body }: DialectRequest) => {
        const thread = { type: 'named', name: 'room' } as const;
        const { text, of, decisions } = body;
        if (typeof text === 'string') return { type: 'send', thread, message: { content: text }, show };
        return {
          type: 'answer',
          thread,
          of: { message: String(of) },
          ignoreLate: true,
          decisions: Object.entries(isRecord(decisions) ? decisions : {}).map(([approval, decision]) => ({
            approval,
            decision,
          })),
          show,
          pending: { ...show, as: 'now' },
        };
      },
    },
  ],
  open: () => {
    throw new Error('This dialect has no streams.');
  },
};

interface Shown {
  readonly message: string;
  readonly open: readonly string[];
  readonly said: readonly string[];
}

function serve(): (body: unknown) => Promise<Shown & { readonly code?: string }> {
  const server = createTestServer(answer, { dialects: [dialect] });
  servers.push(server);
  return async (body) => (await ask(server, 'POST', '/asking', { json: body })).json();
}

test('decisions about approvals that are not open are left out, and the others count', async () => {
  const post = serve();
  const { message, open } = await post({ text: 'ask' });
  const [one = '', two = ''] = open;
  const first = await post({ of: message, decisions: { other: 1, [one]: 'yes' } });
  expect(first).toMatchObject({ message, open: [two] });
  // Another decision about the same approval comes too late.
  const again = await post({ of: message, decisions: { [one]: 'no' } });
  expect(again).toMatchObject({ message, open: [two] });
  const last = await post({ of: message, decisions: { [one]: 'no', [two]: 'later' } });
  expect(last).toMatchObject({ message, open: [], said: ['["yes","later"]'] });
  expect(await post({ of: message, decisions: { [two]: 'no' } })).toMatchObject({
    said: ['["yes","later"]'],
  });
});

test('an exchange that does not wait is shown as it stands, and approvals of another one stay open', async () => {
  const post = serve();
  const earlier = await post({ text: 'hi' });
  const { open } = await post({ text: 'ask' });
  const decisions = Object.fromEntries(open.map((approval) => [approval, true]));
  expect(await post({ of: earlier.message, decisions })).toMatchObject({ message: earlier.message, open });
  expect(await post({ of: 'nonsense', decisions })).toMatchObject({ code: 'not_found' });
});
