import { memoryStore } from '../../log/index.ts';
import type { Store } from '../../log/index.ts';
import type { Dialect, DialectRequest, Intent, KeptWebhook, Webhook } from '../../dialects/index.ts';
import { createTestDialect } from '../dialects/dialect.fixture.ts';
import type { Server, ServerOptions } from '../index.ts';
import { ask, createTestServer } from '../server.fixture.ts';
import type { Generator } from '../server.fixture.ts';
import type { WebhookFetch, WebhookInit } from './webhook-fetch.ts';
import type { WebhookOptions } from './webhook-options.ts';

export const testSecret = `whsec_${btoa('a secret of thirty-two characters')}`;

type Change = ({ put: Webhook } | { drop: string }) & { of?: { message: string } };

/** A dialect for tests with webhooks. Its requests say in their bodies what they want. */
function createWebhookDialect(onNotify?: () => void): Dialect {
  const thread = ({ params }: DialectRequest) => ({ type: 'named', name: params['thread'] ?? '' }) as const;
  const tell = (webhooks: readonly KeptWebhook[]) => ({ body: { webhooks } });
  return {
    ...createTestDialect('hooks'),
    routes: [
      {
        method: 'POST',
        path: '/hooks/:thread',
        acts: true,
        decode(request): Intent {
          const { content, webhook, key, decisions, cancel, ref, of: named } = request.body;
          const of = { thread: thread(request), show: { as: 'now', reply: { body: 'done' } } } as const;
          if (cancel === true) return { type: 'cancel', ...of };
          const hook = webhook === undefined ? {} : { webhook: webhook as Webhook };
          if (decisions !== undefined)
            return {
              type: 'answer',
              ...of,
              decisions: decisions as [],
              ...hook,
              ...(named !== undefined && { of: named as { message: string } }),
            };
          const keyed = typeof key === 'string' ? { key } : {};
          return {
            type: 'send',
            ...of,
            ...keyed,
            message: { content, ...(typeof ref === 'string' && { ref }) },
            ...hook,
          };
        },
      },
      {
        method: 'POST',
        path: '/hooks/:thread/webhooks',
        acts: true,
        decode: (request) => {
          const { of = 'last', ...change } = request.body as Change;
          return { type: 'webhooks', thread: thread(request), of, change, reply: tell };
        },
      },
      {
        method: 'GET',
        path: '/hooks/:thread/webhooks',
        acts: false,
        decode: (request) => ({ type: 'webhooks', thread: thread(request), of: 'last', reply: tell }),
      },
    ],
    notify({ change, answer, webhook: { id, token, authentication }, thread: name }) {
      onNotify?.();
      return {
        headers: {
          ...(token !== undefined && { 'x-token': token }),
          ...(authentication && { authorization: `${authentication.scheme} ${authentication.credentials}` }),
        },
        body: {
          change,
          id,
          thread: name,
          said: answer?.parts.map((part) => ('text' in part ? part.text : part.type)),
        },
      };
    },
  };
}

/** A server whose webhooks are sent by a function of the test. */
export interface WebhookRig {
  readonly server: Server;
  readonly store: Store;
  /** The requests that receivers got, oldest first. */
  readonly sent: readonly SentNotice[];
  /** The reports to the operator. */
  readonly errors: readonly string[];
  post(thread: string, json: unknown): Promise<Response>;
}

export interface SentNotice extends WebhookInit {
  readonly url: string;
}

export interface WebhookRigOptions extends Partial<Omit<ServerOptions, 'webhooks' | 'agent'>> {
  readonly answer?: Generator;
  /** `none`: the server has no webhooks. */
  readonly webhooks?: Partial<WebhookOptions> | 'none';
  /** Called when a notice is made. */
  readonly onNotify?: () => void;
  /** Answers the requests of webhooks with a status, or throws. @default 200 */
  readonly receive?: (notice: SentNotice, index: number) => Promise<number> | number;
}

/** Creates a server with webhooks that retries without a noticeable wait. */
export function createWebhookRig({
  answer,
  webhooks,
  receive,
  onNotify,
  ...options
}: WebhookRigOptions = {}): WebhookRig {
  const [sent, errors]: [SentNotice[], string[]] = [[], []];
  const fetch: WebhookFetch = async (url, init) => {
    const notice = { url, ...init };
    sent.push(notice);
    const status = (await receive?.(notice, sent.length - 1)) ?? 200;
    return { status, headers: { get: () => null } };
  };
  const store = options.store ?? memoryStore();
  const said =
    answer ??
    async function* () {
      yield 'hello';
    };
  const server = createTestServer(said, {
    dialects: [createWebhookDialect(onNotify)],
    onError: (error) => void errors.push(String(error)),
    ...options,
    store,
    ...(webhooks !== 'none' && {
      webhooks: { fetch, secrets: [testSecret], firstWaitMs: 1, ...webhooks },
    }),
  });
  const post = (thread: string, json: unknown) => ask(server, 'POST', `/hooks/${thread}`, { json });
  return { server, store, sent, errors, post };
}

/** Returns what the notices said, oldest first. */
export function toTold(sent: readonly SentNotice[]): readonly { readonly change: string }[] {
  return sent.map(({ body }): { change: string } => JSON.parse(body));
}
