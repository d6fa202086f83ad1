// docs/troubleshooting.md has every code and every sentence that a person may search for, and no old ones.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { refusals } from 'heddle';
import { root } from '../rig/child.ts';
import { sentencesOf } from './sentences.fixture.ts';

const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8');

/** Returns the first cells of the tables in a section and its subsections, without backticks. */
function cellsOf(heading: string): readonly string[] {
  const [, text = ''] = new RegExp(`\n(#+) ${heading}\n(.*?)(?=\n## |$)`, 's').exec(page)?.slice(1) ?? [];
  const cells = [...text.matchAll(/^\| `(.+?)` \|/gm)].map(([, cell = '']) => cell);
  expect(cells.length, heading).toBeGreaterThan(0);
  return cells;
}

const isCode = (cell: string): boolean => /^\w+$/.test(cell);
const source = (file: string): string => readFileSync(join(root, 'src', file), 'utf8');
const sources = (folder: string): string =>
  readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' })
    .filter(isSource)
    .map((file) => source(join(folder, file)))
    .join('\n');
const found = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, code = '']) => code);
const sorted = (list: Iterable<string>): readonly string[] => [...new Set(list)].toSorted();

describe('the page has each reported code, and no other:', () => {
  test('of refused requests, with their status', () => {
    expect(sorted(cellsOf('A request is refused').filter(isCode))).toEqual(sorted(Object.keys(refusals)));
    for (const [code, { status }] of Object.entries(refusals))
      expect(page).toContain(`| \`${code}\` | ${status} |`);
  });

  test('of failed turns', () => {
    const engine = sources('turns') + sources('server');
    const [, adapters = ''] = /const failures = \{(.*?)\}/s.exec(source('agents/kit/failures.ts')) ?? [];
    const codes = [
      ...found(engine, /(?:AgentError|fail|fail, \w+|setTimeout\(fail, \w+), ?\(?'(\w+)'/g),
      ...found(engine, /(?:AgentError|fail)\('(\w+)'/g),
      ...found(engine, /\{ code: '(\w+)', message/g),
      ...found(adapters, /^ +(\w+):/gm),
    ];
    expect(codes).toEqual(expect.arrayContaining(['agent_failed', 'interrupted', 'timeout', 'model_auth']));
    expect(sorted(cellsOf('An answer ends with an error').filter(isCode))).toEqual(sorted(codes));
  });

  test('of the client', () => {
    const client = sources('client') + sources('react');
    const codes = [
      ...found(client, /new ClientError\(\s*'(\w+)'/g),
      ...found(client, /^ +code: '(\w+)',$/gm),
      ...found(client, /\bcode = (?:.* \?\? )?'(\w+)'/g),
    ];
    expect(codes).toEqual(expect.arrayContaining(['unreachable', 'bad_request', 'gap', 'refused']));
    expect(sorted(cellsOf('The client throws a ClientError'))).toEqual(sorted(codes));
  });

  test('of the parser and the encoder', () => {
    const [, union = ''] = /type WireErrorCode =(.*?);/s.exec(source('wire/wire-error.ts')) ?? [];
    expect(sorted(cellsOf('The parser throws a WireError'))).toEqual(sorted(found(union, /'(\w+)'/g)));
  });
});

const thrown = /new (?:Exit|Type)?Error|InvalidArgumentError|fail/;
const inFolder = (folder: string): readonly string[] =>
  readdirSync(join(root, 'src', folder), { encoding: 'utf8' })
    .filter(isSource)
    .map((file) => `${folder}/${file}`);

/** The files with sentences for people, and the text that a sentence follows. */
const told: readonly (readonly [files: readonly string[], behind: RegExp])[] = [
  [[...inFolder('cli'), ...inFolder('cli/admin'), ...inFolder('cli/serve')], thrown],
  [[...inFolder('cli/serve/agent'), ...inFolder('cli/new'), ...inFolder('cli/mcp')], thrown],
  [['cli/serve/agent/recognise-agent.ts'], /warn/],
  [['cli/heddle.ts', 'cli/serve/agent/load-agent.ts'], /stderr\.write/],
  [['cli/serve/serve.ts'], /return(?= `(?:Port|Cannot|The))/],
  [inFolder('node/chat-page'), /new (?:Type)?Error|WrongSettingError\(\s*path,/],
  [['cli/serve/tls-files.ts'], /warn\(/],
  [['cli/serve/agent/to-sentence.ts', 'sqlite/failure.ts'], /return/],
  [['cli/serve/to-unused.ts'], /=>\s*(?=`)|\? \[(?=`)/],
  [['cli/serve/mind-floating.ts'], /toFloating/],
  [['cli/chat/chat.ts'], /return|[?:](?= `(?:The|There))/],
  [['guide/create-guide.ts', 'guide/create-model.ts'], thrown],
  [['sqlite/check-runtime.ts', 'sqlite/open-worker.ts', 'sqlite/open-database.ts'], /new Error/],
  [['redis/check-server.ts'], /new Error|warn/],
  [['redis/redis.ts'], /new TypeError|\(\) =>/],
  [['redis/keys.ts', 'client/transport.ts'], thrown],
  [['server/guard-words.ts'], /return|noPage =/],
  [['server/fetch.ts', 'node/read-body.ts'], /new Error/],
  [[...inFolder('server'), ...inFolder('protocol'), ...inFolder('turns')], /new TypeError/],
  [inFolder('server/webhooks'), /new TypeError/],
  [[...inFolder('auth'), ...inFolder('agents/strands')], thrown],
  [inFolder('agents/ai-sdk'), /new TypeError/],
  [[...inFolder('agents/process'), ...inFolder('agents/subprocess')], thrown],
  [['agents/langgraph/langgraph.ts'], /new TypeError/],
  [['agents/acp/acp.ts'], /new TypeError/],
  [['agents/acp/create-rpc.ts'], thrown],
  [inFolder('agents/remote'), /new TypeError/],
  [inFolder('agents/openai-agents'), /new TypeError/],
  [['cli/serve/agent/open-remote.ts'], /warn/],
  [inFolder('turns'), /new Error(?=\(\s*'The store)/],
];

/** Sentences about bugs in Heddle itself, or that are printed beside another sentence. */
const unseen: readonly RegExp[] = [
  /no package\.json/,
  /no agent's message at/,
  /no free file descriptors/,
  /^At the start there is no turn/,
  /is a field of the context for/,
  /^An adapter takes a function/,
];

function isSource(file: string): boolean {
  return file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file);
}

describe('the page has each reported sentence, word for word, and no other:', () => {
  const sentences = told
    .flatMap(([files, behind]) => files.flatMap((file) => sentencesOf(file, behind)))
    .filter((sentence) => !unseen.some((words) => words.test(sentence)));
  const cells = [...page.matchAll(/^\| `(.+?)` \|/gm)]
    .map(([, cell = '']) => cell)
    .filter((cell) => !isCode(cell));

  test('none is missing', () => {
    expect(sentences.filter((sentence) => !cells.includes(sentence))).toEqual([]);
  });
  test('none is left over', () => {
    expect(cells.filter((cell) => !sentences.includes(cell))).toEqual([]);
  });
});
