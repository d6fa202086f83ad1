import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../../protocol/internal.ts';
import type { AgentKind } from './agent-kinds.ts';

/** A file of a new project. */
export interface ProjectFile {
  readonly name: string;
  readonly text: string;
}

/** The name of a project in the templates. */
const standIn = 'my-agent';

/**
 * Reads the files of a new project from the templates of Heddle's package, whose folder is `root`. All
 * projects have the files of the template `generator`, and a template's own file takes the place of one of
 * these. An underscore stands before the names that npm or this project would take for their own.
 * Dependencies and scripts are added up, and Heddle's version is that of the package.
 */
export function readProject(kind: AgentKind, name: string, root: string): readonly ProjectFile[] {
  const [base, own] = [readTemplate('generator', root), readTemplate(kind, root)];
  const files = new Map([...base, ...own]);
  if (kind === 'python')
    files.set('heddle_agent.py', readFileSync(join(root, 'examples/python/heddle_agent.py'), 'utf8'));
  const { version } = parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const manifest = merge(merge(parse(base.get('package.json')), parse(own.get('package.json'))), {
    dependencies: { heddle: version },
  });
  const named = { ...manifest, name: toPackageName(name, Object.keys(manifest['dependencies'] ?? {})) };
  files.set('package.json', `${JSON.stringify(named, undefined, 2)}\n`);
  files.set(
    'README.md',
    (files.get('README.md') ?? '').replaceAll(standIn, () => name),
  );
  return [...files].map(([each, text]) => ({ name: each, text })).toSorted(byName);
}

function readTemplate(kind: AgentKind, root: string): ReadonlyMap<string, string> {
  const folder = join(root, 'templates', kind);
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map(({ name }) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return [name.replace(/^_(?=package|tsconfig)/, '').replace(/^_git/, '.git'), text];
    }),
  );
}

function byName(one: ProjectFile, other: ProjectFile): number {
  return one.name.localeCompare(other.name);
}

function parse(text: string | undefined): Readonly<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(text ?? '{}');
  return isRecord(parsed) ? parsed : {};
}

/**
 * Returns both objects in one, in depth. The fields of the second win, and the keys of dependencies are
 * sorted.
 */
function merge(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const merged: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = merged[key];
    if (!isRecord(before) || !isRecord(value)) merged[key] = value;
    else {
      const both = Object.entries(merge(before, value));
      merged[key] = Object.fromEntries(
        key.endsWith('ependencies') ? both.toSorted(([a], [b]) => a.localeCompare(b)) : both,
      );
    }
  }
  return merged;
}

/** Returns a name that npm takes for a package. It is none of the packages that this one needs. */
function toPackageName(name: string, needed: readonly string[]): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z\d._-]+/g, '-')
    .replace(/^[._-]+/, '')
    .replace(/-+$/, '')
    .slice(0, 214);
  return ['', 'node_modules', ...needed].includes(plain) ? standIn : plain;
}
