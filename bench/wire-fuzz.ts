/**
 * Fuzzes the parser against the transcription of the specification:
 * `node bench/wire-fuzz.ts [--seconds 600] [--seed 1]`.
 * Coverage guides it: it keeps a stream that runs new blocks, or runs blocks in a new count, and mutates it
 * further.
 */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { startCoverage } from './wire/coverage.ts';
import { mutate } from './wire/mutate.ts';
import { createRandom } from 'heddle/testing';
import { cutAt, readAll } from '../src/wire/read-all.fixture.ts';
import { parseBySpec } from '../src/wire/spec-parser.fixture.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '600' }, seed: { type: 'string', default: '1' } },
});
const seed = Number(values.seed);
const random = createRandom(seed);
const coverage = startCoverage('/src/wire/');
const until = performance.now() + Number(values.seconds) * 1000;

interface WireCase {
  readonly encoding: 'utf8' | 'base64';
  readonly chunks: readonly string[];
}

const cases: readonly WireCase[] = JSON.parse(
  readFileSync(new URL('../src/wire/wire-cases.json', import.meta.url), 'utf8'),
);
const corpus: Uint8Array[] = cases.map(
  ({ chunks, encoding }) =>
    new Uint8Array(Buffer.concat(chunks.map((chunk) => Buffer.from(chunk, encoding)))),
);
const seen = new Set<string>();
let runs = 0;

while (performance.now() < until) {
  const batch = Array.from({ length: 16 }, () => {
    const stream = mutate(random, random.pick(corpus), random.pick(corpus));
    check(stream);
    return stream;
  });
  const blocks = coverage.take();
  if (isNew(blocks)) corpus.push(...batch);
}
process.stdout.write(
  `wire fuzz, seed ${seed}: ${runs} streams in ${values.seconds} s, ${corpus.length} kept for new coverage; ` +
    'every reading as the specification says, no throw but the declared limits.\n',
);

function check(stream: Uint8Array): void {
  runs++;
  // Half of the streams have limits. These end with whole events, because a limit is exact only for them.
  const limited = random.integer(0, 1) === 0;
  const bound = random.pick([16, 700, 6000]);
  const limits = { maxEventBytes: random.integer(0, bound - 1), maxLineBytes: random.integer(0, bound - 1) };
  const bytes = limited ? new Uint8Array([...stream, 10, 10]) : stream;
  const size = random.pick([1, 3, 16, 100, 4096]);
  const cuts =
    random.integer(0, 1) === 0
      ? Array.from({ length: random.integer(0, 5) }, () => random.integer(0, bytes.length))
      : Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => (i + 1) * size);
  const copy = random.integer(0, 3) === 0;
  const expected = limited ? parseBySpec(bytes, limits) : parseBySpec(bytes);
  const options = limited ? { ...limits, copy } : { copy };
  if (isDeepStrictEqual(readAll(cutAt(bytes, cuts), options), expected)) return;
  process.stdout.write(
    `${JSON.stringify({ seed, runs, bytes: Buffer.from(bytes).toString('base64'), cuts, options })}\n`,
  );
  throw new Error('The parser does not read this stream as the specification does.');
}

function isNew(blocks: ReadonlySet<string>): boolean {
  const before = seen.size;
  for (const block of blocks) seen.add(block);
  return seen.size > before;
}
