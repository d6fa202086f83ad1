#!/usr/bin/env node

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`heddle: this needs Node 22.13 or later, and runs on ${process.version}.\n`);
  process.exit(1);
}
// Not awaited: where the file of an agent never ends to load, Node would blame this line.
void import('./program.ts').then(({ createProgram }) => createProgram().parseAsync());
