import { writeFileSync } from 'node:fs';
import type { Setting } from '../src/cli/setting.ts';
import { commands } from '../src/cli/settings.ts';
import type { CommandSettings } from '../src/cli/settings.ts';

// Writes docs/configuration.md from the command's own table. With `--print`, writes to stdout instead.
const page = [
  `# Configuration

\`\`\`sh
npx heddle serve agent.ts --port 8080 --allow-host example.com
# The same:
PORT=8080 HEDDLE_ALLOW_HOST=example.com npx heddle serve agent.ts
\`\`\`

- A flag wins over its variable. An empty variable counts as not set.
- Commas separate the values of a list.
- A flag without a value is switched on by \`1\` in its variable (or \`true\`, \`yes\`, \`on\`), and off by \`0\`.
- Secrets are set by variables, because every user of the machine can read a command line. Only
  \`heddle doctor\` takes a token as a flag, too.

For options in code, see the types of \`createServer\`. This page and \`heddle --help\` are made from the same
table (\`npm run docs\`).
`,
  ...Object.entries(commands).map(([name, command]) => toSection(name, command)),
].join('\n');

if (process.argv.includes('--print')) process.stdout.write(page);
else writeFileSync(new URL('../docs/configuration.md', import.meta.url), page);

function toSection(name: string, { argument, help, settings, variables }: CommandSettings): string {
  const rows = [
    ...(argument
      ? [row([code(argument.name), code(argument.env), code(argument.default), argument.help])]
      : []),
    ...settings.map(toRow),
    ...variables.map((variable) => row(['', code(variable.env), '', variable.help])),
  ];
  return `## heddle ${name}\n\n${sentence(help)}\n\n| flag | variable | default | |\n|---|---|---|---|\n${rows.join('')}`;
}

function toRow({ flags, env, form, help, default: standard }: Setting): string {
  const choices = typeof form === 'string' ? '' : `: ${form.map(code).join(' or ')}`;
  const several =
    form === 'list'
      ? '; several with commas'
      : form === 'texts'
        ? '; several: one a line, or the flag again'
        : '';
  return row([code(flags), code(env), code(standard), `${help}${choices}${several}`]);
}

function row(cells: readonly string[]): string {
  const escaped = cells.map((cell) => (cell.startsWith('`') ? cell : cell.replaceAll('<', String.raw`\<`)));
  return `| ${escaped.join(' | ')} |\n`;
}

function code(text: string | number | undefined): string {
  return text === undefined || text === '' ? '' : `\`${text}\``;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
