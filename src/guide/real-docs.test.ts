import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDocsSearch } from './create-docs-search.ts';
import { decideReply } from './decide.ts';

const root = join(import.meta.dirname, '../..');
const paths = [
  'README.md',
  'PROTOCOL.md',
  'ARCHITECTURE.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
];
const search = await createDocsSearch(
  paths.map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text, title: /^# (.+)$/m.exec(text)?.[1] ?? path };
  }),
);

function sayTo(prompt: string): string {
  const output = { results: search(prompt) };
  return decideReply({ prompt, results: [{ tool: 'search_docs', input: {}, status: 'success', output }] })
    .say;
}

test.each([
  ['What is a heddle?', [/A heddle is the part of a loom that each strand passes through/]],
  ['How often is keepalive sent?', [/15 s/]],
  ['キープアライブは何秒ごとに送られますか', [/15 s/]],
  [
    'Heddleはプロセスが落ちたときどうなりますか',
    [/next process takes the turn over|the turn was begun again/, /onCrash|attempt/],
  ],
  ['What happens when the process crashes?', [/onCrash|attempt|takes the turn over/]],
  ['What does HTTP 409 mean?', [/\| status \| codes \|/, /\| 409 \|.*busy.*too_late/]],
  [
    'What happens to a message when the agent is busy?',
    [/queue/, /reject|refused/, /interrupt/, /at most 32/],
  ],
  ['How long are sessions kept?', [/\*\*Retention\*\*/, /retention/]],
  ['セッションはどのくらい保存されますか', [/\*\*Retention\*\*/]],
  ['Is there authentication?', [/authenticate:/]],
  ['How do I mount Heddle in Express?', [/examples\/express\.ts/]],
  ['How fast is it?', [/docs\/performance\.md/]],
  ['What is a turn?', [/\| turn \| the agent's work on one message/]],
])('%s is answered from the docs of this repository', (question, words) => {
  const said = sayTo(question);
  for (const each of words) expect(said).toMatch(each);
});

test.each(['turn', 'lease', 'fence', 'dialect'])(
  'the definition of a %s comes first, without its neighbours',
  (noun) => {
    const [first] = search(`What is a ${noun}?`);
    expect(first?.excerpt.split('\n')).toHaveLength(3);
    expect(first?.excerpt).toContain(`\n| ${noun} |`);
  },
);

test('a sample that asks the question is not the answer', () => {
  expect(sayTo('What is a heddle?')).not.toContain('session.send(');
});

test('a question about writing an agent finds how to do it before why it is so', () => {
  const [first] = search('How do I write my own agent?');
  expect(['docs/agents.md', 'README.md']).toContain(first?.path);
  expect(first?.excerpt).toMatch(/async (?:generator|function)/);
});

test('a question that the docs do not answer finds nothing', () => {
  expect(search('Write a poem about the sea')).toEqual([]);
});
