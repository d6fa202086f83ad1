import { writeFileSync } from 'node:fs';
import { commands } from '../src/cli/settings.ts';
import type { CommandSettings, Setting } from '../src/cli/settings.ts';

// docs/configuration.md, from the table that the command itself reads. With --print it goes to the standard output.
const page = [
  `# Configuration

\`\`\`sh
heddle serve agent.ts --port 8080 --allow-host example.com
PORT=8080 HEDDLE_ALLOW_HOST=example.com heddle serve agent.ts      # the same
\`\`\`

A flag wins over its variable. A variable that is empty is as good as none. Lists have commas. A flag without a value is switched on by \`1\` in its variable (or \`true\`,
\`yes\`, \`on\`) and left off by \`0\`. What is secret is set by variables only, because anybody on the machine can read a command line. Settings in code are in the types of
\`createServer\`. This page is made from the table that \`heddle --help\` is made from (\`npm run docs\`).
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
  const several = form === 'list' ? '; several with commas' : '';
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
