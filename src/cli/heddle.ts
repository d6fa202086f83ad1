#!/usr/bin/env node

const { bun, deno, node } = process.versions;
// The ranges of `engines` and docs/runtimes.md.
const [name, version, isFit] =
  bun !== undefined
    ? ['Bun', bun, isFrom(bun, 1, 4)]
    : deno !== undefined
      ? ['Deno', deno, isFrom(deno, 2, 8)]
      : ['Node', node, isFrom(node, 22, 13) && !node.startsWith('23.')];
if (!isFit) {
  process.stderr.write(
    `heddle: this needs Node 22.13, Node 24, Bun 1.4 or Deno 2.8 or later, and runs on ${name} ${version}.\n`,
  );
  process.exit(1);
}
// The reader of a stream may exit, as `head` does. The log detects that on its own.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
// Not awaited: when loading an agent file never ends, Node would blame this line.
void main();

async function main(): Promise<void> {
  const { createProgram } = await import('./program.ts');
  const { cutCommand } = await import('./cut-command.ts');
  const { tellExit } = await import('./tell-exit.ts');
  const { args, command } = cutCommand(process.argv.slice(2));
  await tellExit(async () => void (await createProgram(command).parseAsync(args, { from: 'user' })));
}

function isFrom(text: string, major: number, minor: number): boolean {
  const [itsMajor = 0, itsMinor = 0] = text.split('.').map(Number);
  return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}
