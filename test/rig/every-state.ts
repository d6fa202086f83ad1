import { once } from 'node:events';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { AgentError, defineAgent } from 'heddle';
import type { AgentEvent } from 'heddle';
import { createClient } from 'heddle/client';
import { memoryStore } from 'heddle/log';
import { listen, pageFiles } from 'heddle/node';
import { createServer } from 'heddle/server';
import { ask, byId } from './chat-page.ts';
import { root } from './child.ts';

const long = 'a line that goes on and on, '.repeat(20);
const lines = Array.from({ length: 60 }, (_, index) => `line ${index}`);

const markdown = `#### A heading of the fourth rank

## One of the second

# One of the first

###### One of the sixth

A paragraph with **bold**, *italics*, ~~struck~~, \`code\`, [a link](https://example.com), a bare https://example.com,
![a cat](https://example.com/cat.png), [what is no link](/session/x), <b>markup</b>, and a note[^1].

- [ ] to be done
- [x] done, with **bold**
  - [ ] and deeper

1. first
2. second

   - deeper

> quoted
>
> ### A heading in a quote

| left | right |
|:-----|------:|
| 1 | ${long.replaceAll(' ', '_')} |

\`\`\`ts
// A comment.
@decorate export class Sum extends Base { add = (a: number) => this.log(\`\${a}\`, /x/, 42, true); }
const long = '${long}';
\`\`\`

\`\`\`html
<!doctype html>
<p class="a">x</p>
\`\`\`

\`\`\`diff
- one
+ other
\`\`\`

A formula, $x_1^2 = \\frac{a}{b}$, and one of its own that is ${'very '.repeat(9)}wide:

$$
\\begin{aligned} a &= b ${'+ b '.repeat(60)} \\\\ &= c \\end{aligned}
$$

\`\`\`
short
\`\`\`

---

東京は日本の首都です。

[^1]: The note.
`;

/**
 * The agent's answer to each prompt. For a prompt that ends with …, the turn goes on until it is cancelled.
 */
const answers: Readonly<Record<string, readonly (string | AgentEvent | Error)[]>> = {
  hello: ['Hello.'],
  markdown: [markdown],
  考えて: ['東京は今、午後三時です。'],
  'write…': ['The answer is being wri'],
  'think…': [],
  tools: [
    { type: 'reasoning', part: 'r', data: 'I think about **it**.\n\n- a\n- b' },
    { type: 'tool_use', call: 'c1', tool: 'search', input: { query: long, lines } },
    { type: 'tool_result', call: 'c1', output: { found: lines } },
    { type: 'tool_use', call: 'c2', tool: 'clock', input: {} },
    { type: 'tool_result', call: 'c2', output: 'It is broken.', status: 'error' },
    { type: 'custom', name: 'weather', data: { wind: 'north', lines } },
    { type: 'content', data: 'Said by another one.\n\n# With a heading', agent: ['researcher'] },
    'Done.',
  ],
  'a tool…': [
    { type: 'tool_use', call: 'c1', tool: 'search', input: { query: 'x' } },
    { type: 'tool_progress', call: 'c1', data: 'half' },
  ],
  approval: [
    {
      type: 'tool_use',
      call: 'c1',
      tool: 'send_email',
      input: { to: 'ada@example.com', body: lines.join('\n') },
    },
    {
      type: 'approval_request',
      approval: 'a1',
      call: 'c1',
      reason: { title: 'Send this email?', message: 'It cannot be taken back.', cost: long, lines },
    },
  ],
  failure: ['It was going well, ', new AgentError('busy', 'The model is busy. Please try again later.')],
};

/** A server whose agent can cause every state of the page. */
export interface EveryState {
  readonly url: string;
  close(): Promise<void>;
}

export async function serveEveryState(): Promise<EveryState> {
  const agent = defineAgent({
    open: () =>
      async function* ({ input, signal }) {
        if (input.type === 'answers') {
          yield 'As you decided.';
          return;
        }
        const prompt = String(input.content);
        for (const said of answers[prompt] ?? [`You said ${prompt}.`]) {
          if (said instanceof Error) throw said;
          yield said;
        }
        if (prompt.endsWith('…') && !signal.aborted) await once(signal, 'abort');
      },
  });
  const server = createServer({
    agent,
    store: memoryStore(),
    page: pageFiles(join(root, 'dist/page')),
    // The page can authenticate with a key or with a cookie.
    authenticate: (given) =>
      given.header('cookie')?.includes('user=') || given.header('authorization') === 'Bearer right'
        ? 'ada'
        : undefined,
  });
  const { url, close } = await listen(server, { port: 0 });
  return { url, close: () => close(0) };
}

const answer = byId('agent-message');
const done = `${answer}[data-outcome=completed]`;

async function open(page: Page, url: string, hash = ''): Promise<void> {
  await page.browserContext().setCookie({ name: 'user', value: 'ada', domain: '127.0.0.1', path: '/' });
  await page.goto(`${url}/${hash}`);
  await page.locator(byId('composer')).wait();
}

/** Opens a new conversation, sends a prompt, and waits for a selector. Then it runs further steps. */
const asked =
  (prompt: string, until: string = done, then: (page: Page) => Promise<unknown> = async () => {}) =>
  async (page: Page, url: string): Promise<void> => {
    await open(page, url);
    await ask(page, prompt);
    await page.locator(until).wait();
    await then(page);
  };

const click = (selector: string) => (page: Page) => page.locator(selector).click();

async function openAll(page: Page): Promise<void> {
  // Each opened element moves those below it, so they are clicked from within the page.
  await page.$$eval('summary', (found) => found.forEach((summary) => summary.click()));
  await page.locator('.value-block').wait();
}

async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator(byId('sign-in')).wait();
}

/** Every state of the page: its name, and the steps to bring a page into it. */
export const states: Readonly<Record<string, (page: Page, url: string) => Promise<void>>> = {
  'a new conversation': (page, url) => open(page, url),
  'an answer with all of markdown': asked('markdown', done, async (page) => {
    for (const lazy of ['math[display=block]', '.code-keyword', '.code-name', '.code-added'])
      await page.locator(lazy).wait();
  }),
  'an answer in Japanese': asked('考えて'),
  'an answer that is being written': asked('write…', answer),
  'an answer that has not begun': asked('think…', '.thinking'),
  'tools, thoughts and an inner agent, closed': asked('tools'),
  'tools, thoughts and an inner agent, opened': asked('tools', done, openAll),
  'a tool that runs': asked('a tool…', byId('tool-card'), click('summary')),
  'an approval that is asked for': asked('approval', byId('approve')),
  'an approval that was given': asked('approval', byId('approve'), async (page) => {
    await page.locator(byId('approve')).click();
    await page.locator(done).wait();
  }),
  'an approval that was denied': asked('approval', byId('approve'), async (page) => {
    await page.locator(byId('deny')).click();
    await page.locator(done).wait();
  }),
  'an answer that failed': asked('failure', `${answer}[data-outcome=failed]`),
  'an answer that was stopped': asked('write…', answer, async (page) => {
    await page.locator(byId('stop')).click();
    await page.locator(`${answer}[data-outcome=cancelled]`).wait();
  }),
  'a message that waits, and one that was taken back': asked('write…', answer, async (page) => {
    for (const words of ['the first', 'the second']) await ask(page, words);
    await page.locator(`${byId('message')}[data-status=waiting] button`).click();
    await page.locator(`${byId('message')}[data-status=withdrawn]`).wait();
  }),
  'a message that is written anew': asked('hello', done, async (page) => {
    await page.locator(byId('message')).hover();
    await page.locator('.user-message > .action').click();
    await page.locator(byId('editor')).wait();
  }),
  'a message that is not sent': async (page, url) => {
    await open(page, url);
    await page.setOfflineMode(true);
    await ask(page, 'into the dark');
    await page.locator(`${byId('message')}[data-status=sending]`).wait();
    await page.locator(`${byId('connection')}[data-state=offline]`).wait();
  },
  'a message that is too long': async (page, url) => {
    await open(page, url);
    await page.$eval(byId('composer'), (box) => {
      const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set;
      set?.call(box, 'x'.repeat(300_000));
      box.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await page.locator('.send').click();
    await page.locator('.composer-problem').wait();
  },
  'a long conversation, away from its end': asked('tools', done, async (page) => {
    await openAll(page);
    await page.$eval('.scroller', (scroller) => scroller.scrollTo(0, 0));
    await page.locator('.jump').wait();
  }),
  'a conversation that is not there': async (page, url) => {
    await open(page, url, '#/s/aaaaaaaaaaaaaaaaaaaaaa');
    await page.locator('.notice').wait();
  },
  'more conversations than are listed': async (page, url) => {
    const client = createClient({ url, headers: { authorization: 'Bearer right' } });
    await Promise.all(Array.from({ length: 110 }, () => client.create()));
    await open(page, url);
    await page.locator('.session-item, .app:not(:has(> aside))').wait();
  },
  'a conversation that is to be deleted': asked('hello', done, async (page) => {
    await showList(page);
    await page.locator('.session-item .icon-button').click();
    await page.locator('.delete-dialog').wait();
  }),
  'the list over a narrow page': asked('hello', done, showList),
  'the list is hidden, and the theme chosen': asked('hello', done, async (page) => {
    await showList(page);
    await page.$eval('[name=theme][value=dark]', (dark) => (dark as HTMLElement).click());
    if ((await page.$('dialog[open]')) === null) await page.locator(byId('list')).click();
    await page.locator('[data-theme=dark]').wait();
  }),
  'the keyboard shortcuts': asked('hello', done, async (page) => {
    await page.focus('.scroller');
    await page.keyboard.type('?');
    await page.locator('.help-sheet').wait();
  }),
  'an export': asked('hello', done, async (page) => {
    await page.locator(byId('export')).click();
    await page.locator(byId('export-md')).wait();
  }),
  'a question for a sign-in': signIn,
  'a key that is not accepted': async (page, url) => {
    await signIn(page, url);
    await page.locator(byId('key')).fill('wrong');
    await page.keyboard.press('Enter');
    await page.locator('[role=alert]').wait();
  },
  'a part that cannot be shown': async (page, url) => {
    await open(page, url);
    await page.evaluate(
      `JSON.stringify = ((real) => (value, ...more) => { if (value?.length === ${lines.length}) throw new Error('No.'); return real(value, ...more); })(JSON.stringify)`,
    );
    await ask(page, 'tools');
    await page.locator(byId('plain')).wait();
    await page.locator(done).wait();
  },
  'a page that cannot be shown': asked('hello', done, async (page) => {
    await page.evaluate(`window.matchMedia = () => { throw new Error('No.'); }`);
    await page.evaluate(`location.hash = '#/'`);
    await page.locator(byId('page-failure')).wait();
  }),
};

/** Shows the list of conversations. On a narrow page, a button opens it. */
async function showList(page: Page): Promise<void> {
  if ((await page.$('aside')) === null) await page.locator('.top-bar .icon-button').click();
  await page.locator('.session-item').wait();
}
