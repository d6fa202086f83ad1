import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** One page of this project's docs. */
export interface DocFile {
  readonly path: string;
  readonly title: string;
  readonly text: string;
}

/** Reads the Markdown files of a package: those at its root and all below `docs/`. */
export function readDocs(root: string): readonly DocFile[] {
  const files = [
    ...readdirSync(root).filter((name) => name.endsWith('.md')),
    ...listMarkdown(join(root, 'docs')).map((name) => `docs/${name}`),
  ];
  return files.map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text, title: /^# (.+)$/m.exec(text)?.[1] ?? path };
  });
}

function listMarkdown(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.md') && statSync(join(folder, name)).isFile())
    .toSorted();
}
