// A dialect of one's own: answers as HTML for htmx, with its extensions sse and json-enc. Its page:
//   <div id="chat"></div>
//   <form hx-post="/htmx/my-chat" hx-ext="json-enc" hx-target="#chat" hx-swap="beforeend">
//     <input name="text"><button>Send</button>
//   </form>
import { RefusalError } from 'heddle';
import type { Entry } from 'heddle';
import { createChain } from 'heddle/dialects';
import type { BareFrame, Chain, Dialect, DialectReply, Finding } from 'heddle/dialects';

export function htmx(): Dialect {
  return {
    name: 'htmx',
    // EventSource reconnects after a cut, and goes on after the last id.
    onCut: 'destroy',
    routes: [
      {
        method: 'POST',
        path: '/htmx/:thread',
        acts: true,
        decode: ({ params, body }) => {
          const { text } = body;
          if (typeof text !== 'string' || text === '')
            throw new RefusalError('malformed', 'Write a message first.');
          const thread = { type: 'named', name: params['thread'] ?? '' } as const;
          return { type: 'send', thread, message: { content: text }, show: { as: 'now', reply: toHtml } };
        },
      },
      {
        method: 'GET',
        path: '/htmx/:thread/:turn',
        acts: false,
        streams: true,
        decode: ({ params, header }) => {
          const thread = { type: 'named', name: params['thread'] ?? '' } as const;
          const after = header('last-event-id') ?? '';
          const show = { as: 'stream', ...(after !== '' && { after }) } as const;
          return { type: 'read', thread, of: { turn: params['turn'] ?? '' }, show };
        },
      },
    ],
    open: ({ scope }) => {
      const chain = createChain(scope);
      return {
        project: (entry) => project(chain, entry),
        announce: () => [],
        get over() {
          return chain.end !== undefined;
        },
      };
    },
  };
}

/** Shows the text of the answer. `end` makes htmx close the connection. */
function project(chain: Chain, { event }: Entry): readonly BareFrame[] {
  if (chain.see(event) !== 'own') return [];
  if (event.type === 'content') return [{ event: 'text', data: escape(event.data) }];
  return chain.end === undefined ? [] : [{ event: 'end', data: '' }];
}

function toHtml({ thread = '', exchange }: Finding): DialectReply {
  const url = `/htmx/${encodeURIComponent(thread)}/${exchange?.turn ?? ''}`;
  return asHtml(
    `<p hx-ext="sse" sse-connect="${url}" sse-swap="text" hx-swap="beforeend" sse-close="end"></p>`,
  );
}

function asHtml(body: string): DialectReply {
  return { headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '<br>');
}
