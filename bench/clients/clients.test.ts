// The comparison of clients in docs/clients.md, and the code that this page prints.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from './faults.ts';
import { observe } from './observe.ts';
import { startInNode } from './start-in-node.ts';
import { root, run } from '../../test/rig/child.ts';
import { heddleServe, temporaryFolder } from '../../test/rig/heddle-serve.ts';
import type { Served } from '../../test/rig/heddle-serve.ts';

describe.concurrent('the comparison of clients', () => {
  test.each([
    ['heddle', 'one byte at a time', '0 lost'],
    ['eventsource', 'one byte at a time', '0 lost'],
    ['heddle', 'id `🧵7`', '`🧵7`'],
    ['launchdarkly-eventsource', 'id `🧵7`', 'process crashed'],
    ['heddle', 'a Node process that only waits', 'stays alive'],
    ['eventsource', 'a Node process that only waits', 'process ended'],
  ])('%s, %s: %s', async (client, words, expected) => {
    const fault = faults.find(({ name }) => name.includes(words));
    if (fault === undefined) throw new Error(`There is no such fault: ${words}.`);
    expect(fault.measure(await observe(startInNode(client), fault))).toBe(expected);
  });
});

describe.concurrent('the page about clients', () => {
  const page = readFileSync(join(root, 'docs/clients.md'), 'utf8');
  const blocks = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, text = '']) => text);
  // The folder is inside the package, so that the package's own name resolves.
  const folder = temporaryFolder(join(root, 'test'));
  let served: Served;
  beforeAll(async () => {
    served = await heddleServe(['examples/echo-agent.ts', '--memory']);
  });
  afterAll(async () => {
    await served.child.stop();
    folder.remove();
  });

  /** Runs the one code block that contains these words, and returns its output. */
  async function output(words: string): Promise<string> {
    const found = blocks.filter((text) => text.includes(words));
    expect(found, words).toHaveLength(1);
    const file = join(folder.path, `${words}.ts`);
    writeFileSync(file, (found[0] ?? '').replaceAll('http://127.0.0.1:8000', served.url));
    const child = run([file]);
    await new Promise((resolve) => child.process.on('close', resolve));
    return child.output();
  }

  test('its client prints the answer', async () => {
    expect(await output('process.stdout.write')).toBe('You said: What is a heddle? ');
  });

  test('its stream of any server prints the events, reports its connection, and ends', async () => {
    const printed = await output('onConnection');
    expect(printed).toMatch(/^content \{"content":"hello "\} \S+$/m);
    expect(printed).toMatch(/^connecting .*^live .*^closed /ms);
  });

  test('its stream as an EventSource prints batches and ends', async () => {
    expect(await output('compat')).toMatch(/^(\d+\n)+$/);
  });

  test('its shared connection prints a turn, and ends at the logout', async () => {
    expect(await output('shared')).toMatch(/^session_start\nmessage\n[^]*\nmessage_end\n$/);
  });
});
