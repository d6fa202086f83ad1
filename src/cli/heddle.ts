#!/usr/bin/env node

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`heddle: this needs Node 22.13 or later, and runs on ${process.version}.\n`);
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
