#!/usr/bin/env node

const { bun, deno, node } = process.versions;
const [major = 0, minor = 0] = node.split('.').map(Number);
// The range of `engines`; Bun and Deno tell the Node that they do as.
if (major < 22 || (major === 22 && minor < 13) || major === 23) {
  const name = bun === undefined ? (deno === undefined ? `Node ${node}` : `Deno ${deno}`) : `Bun ${bun}`;
  process.stderr.write(
    `heddle: this needs Node 22.13, Node 24, Bun 1.4 or Deno 2.6 or later, and runs on ${name}.\n`,
  );
  process.exit(1);
}
// What reads this may go away, as `head` does; a log sees that by itself.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
// Not awaited: where the file of an agent never ends to load, Node would blame this line.
void main();

async function main(): Promise<void> {
  const { createProgram } = await import('./program.ts');
  const { tellExit } = await import('./tell-exit.ts');
  await tellExit(async () => void (await createProgram().parseAsync()));
}
