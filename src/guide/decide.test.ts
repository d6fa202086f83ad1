import { expect, test } from 'vitest';
import { decideReply } from './decide.ts';

const calls = (prompt: string, before?: string) =>
  decideReply({ prompt, results: [], ...(before !== undefined && { before }) }).calls.map(
    ({ tool, input }) => [tool, input],
  );

test.each([
  ['What is 12 * 7?', '12 * 7'],
  ['12*7', '12*7'],
  ['1,250 * 2 =', '1250 * 2'],
  ['what is 12.5% of 480?', '12.5/100*480'],
  ['Please calculate (3 + 4) times 2', '(3 + 4) * 2'],
  ['what is the square root of 2?', 'sqrt(2)'],
  ['How much is 10 divided by 4', '10 / 4'],
  ['5!', '5!'],
  ['１２×３は？', '12*3'],
  ['480の12.5%は?', '480*12.5/100'],
  ['2の10乗はいくつですか', '2^10'],
])('%s is calculated', (prompt, expression) => {
  expect(calls(prompt)).toEqual([['calculator', { expression }]]);
});

test('a calculation goes on from the result before', () => {
  expect(calls('and plus 5?', '60')).toEqual([['calculator', { expression: '(60)+ 5' }]]);
});

test.each([
  ['What time is it in Tokyo?', { place: 'Tokyo' }],
  ['what time is it in new york right now?', { place: 'new york' }],
  ['What is the current time in Europe/Paris?', { place: 'Europe/Paris' }],
  ['What time is it?', {}],
  ['東京は今何時?', { place: '東京' }],
  ['今何時ですか', {}],
  ['今日は何曜日?', {}],
])('%s is a question to the clock', (prompt, input) => {
  expect(calls(prompt)).toEqual([['current_time', input]]);
});

test('a prompt may ask for two things at once', () => {
  expect(calls('What is 2+2 and what time is it in Osaka?')).toEqual([
    ['calculator', { expression: '2+2' }],
    ['current_time', { place: 'Osaka' }],
  ]);
});

test.each([
  'How does a client resume a stream?',
  'What is HTTP/2?',
  'What changed on 2026-11-22?',
  'What is new in version 1.2.3?',
  'How long does a timeout take?',
  'What is a turn?',
  '再接続はどうなりますか?',
  'Write a poem about the sea',
])('%s goes to the docs', (prompt) => {
  expect(calls(prompt)).toEqual([['search_docs', { query: prompt }]]);
});

test.each(['Hi!', 'hello there', 'What are you?', 'Are you a real AI?', 'help', 'What can you do?'])(
  '%s is answered with what the guide is',
  (prompt) => {
    const { say, calls: called } = decideReply({ prompt, results: [] });
    expect(called).toEqual([]);
    expect(say).toMatch(/no language model/);
    expect(say).toMatch(/HEDDLE_MODEL/);
  },
);

test.each(['こんにちは', 'あなたは誰ですか?', '何ができますか'])('%s is answered in Japanese', (prompt) => {
  expect(decideReply({ prompt, results: [] }).say).toMatch(/言語モデルは使っていません/);
});

test('an answer has the result of each tool, or why there is none', () => {
  const say = decideReply({
    prompt: 'x',
    results: [
      { tool: 'calculator', input: { expression: '2+2' }, status: 'success', output: '4' },
      { tool: 'current_time', input: {}, status: 'error', output: 'Error: I do not know that place.' },
      {
        tool: 'search_docs',
        input: {},
        status: 'success',
        output: { results: [{ title: 'Resume', path: 'docs/a.md', excerpt: 'One.\nTwo.' }] },
      },
    ],
  }).say;
  expect(say).toContain('`2+2` = **4**');
  expect(say).toContain('That did not work. I do not know that place.');
  expect(say).toContain('**Resume** · `docs/a.md`\n\n> One.\n> Two.');
});

test('if the docs hold no answer, the guide says so', () => {
  const results = [{ tool: 'search_docs', input: {}, status: 'success', output: { results: [] } }] as const;
  expect(decideReply({ prompt: 'Write a poem', results }).say).toMatch(/found nothing.*no language model/);
  expect(decideReply({ prompt: '詩を書いて', results }).say).toMatch(/見つかりませんでした/);
});
