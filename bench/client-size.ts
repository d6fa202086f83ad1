// `npm run bench:client:size -- [--write]` measures what the client adds to a page, and what it consists of.
// `--write` replaces the tables in docs/performance.md.
import { parseArgs } from 'node:util';
import { measureBundle } from './size/measure-bundle.ts';
import { writeTable } from '../scripts/write-table.ts';

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const exported = [
  ['client', 'createClient'],
  ['client', 'createConversation'],
  ['client', 'createEventStream'],
  ['ai-sdk', 'createChatTransport'],
  ['react', 'useSession'],
  ['wire', 'createParser'],
] as const;
const sizes = [];
for (const [door, name] of exported) {
  const alone = await measureBundle(door, [name]);
  const all = await measureBundle(door, [name], { withLazy: true });
  const cells = [alone.minified, alone.brotli, all.brotli].map((bytes) => bytes.toLocaleString('en'));
  sizes.push(`| \`${name}\` of \`heddle/${door}\` | ${cells.join(' | ')} |`);
}

/** The parts of `createClient`, with a pattern for their files. The last one takes the other files. */
const parts: readonly (readonly [what: string, files: RegExp])[] = [
  ['the parser', /^wire\//],
  ['checks of what arrives: events, ids, options', /^protocol\/|event-at-id/],
  ['when to reconnect', /reconnection|keep-trying|backoff|page-life|watch-sleep|attention/],
  [
    'one stream: read, watch, put in order',
    /read-stream|read-frames|watchdog|cursor|event-order|follow-stream|to-events/,
  ],
  ['requests, refusals and their sentences', /transport|timing|call|refusal|flaw|client-error/],
  ['client and session', /./],
];
const { files, minified } = await measureBundle('client', ['createClient']);
const sums = new Map(parts.map(([what]) => [what, 0]));
for (const [file, bytes] of files) {
  const [what] = parts.find(([, pattern]) => pattern.test(file)) ?? [''];
  sums.set(what, (sums.get(what) ?? 0) + bytes);
}
const text = [
  '| | minified | with brotli | with what it may load later |',
  '|---|---|---|---|',
  ...sizes,
  '',
  '| of `createClient` | minified | |',
  '|---|---|---|',
  ...[...sums].map(
    ([what, bytes]) =>
      `| ${what} | ${bytes.toLocaleString('en')} | ${Math.round((bytes / minified) * 100)} % |`,
  ),
].join('\n');
process.stdout.write(`${text}\n`);
if (values.write) writeTable('docs/performance.md', 'bench:client:size', text);
