import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// The table of ARCHITECTURE.md: a door, the doors it may import, whether it may use Node's own modules, the
// packages it may use, and whether it must import the other doors by their public names.
const doors: Readonly<
  Record<
    string,
    {
      readonly imports: readonly string[];
      readonly node?: true;
      readonly byName?: true;
      readonly packages?: true | readonly string[];
    }
  >
> = {
  wire: { imports: [] },
  protocol: { imports: [] },
  log: { imports: ['protocol'] },
  store: { imports: ['log', 'protocol'] },
  sqlite: { imports: ['log', 'protocol'], node: true },
  redis: { imports: ['log', 'protocol'], node: true },
  'agents/kit': { imports: ['protocol'] },
  'agents/strands': { imports: ['agents/kit', 'protocol'] },
  'agents/ai-sdk': { imports: ['agents/kit', 'protocol'] },
  'agents/openai-agents': { imports: ['agents/kit', 'protocol'] },
  'agents/remote': { imports: ['agents/kit', 'wire', 'protocol'] },
  'agents/process': { imports: ['agents/kit'], node: true },
  'agents/langgraph': { imports: ['agents/kit', 'protocol'] },
  'agents/acp': { imports: ['agents/process', 'agents/kit', 'protocol'], node: true },
  'agents/subprocess': { imports: ['agents/process', 'agents/kit', 'protocol'], node: true },
  dialects: { imports: ['protocol', 'wire'] },
  transcripts: { imports: ['log', 'protocol'] },
  turns: { imports: ['transcripts', 'log', 'protocol'] },
  readers: { imports: ['log', 'dialects', 'wire', 'protocol'] },
  server: { imports: ['readers', 'turns', 'transcripts', 'log', 'dialects', 'wire', 'protocol'] },
  auth: { imports: ['server', 'protocol'], packages: ['jose'] },
  node: { imports: ['server', 'wire', 'protocol'], node: true },
  client: { imports: ['wire', 'protocol'] },
  'ai-sdk': { imports: ['client', 'protocol'] },
  react: { imports: ['client', 'protocol'], packages: ['react'] },
  testing: { imports: ['client', 'log', 'wire', 'protocol'], node: true },
  guide: { imports: ['protocol', 'agents/strands'], byName: true, node: true, packages: true },
  cli: {
    imports: [
      'wire',
      'protocol',
      'log',
      'sqlite',
      'redis',
      'agents/strands',
      'agents/remote',
      'agents/acp',
      'agents/subprocess',
      'agents/ai-sdk',
      'agents/openai-agents',
      'agents/langgraph',
      'dialects',
      'server',
      'auth',
      'node',
      'client',
      'guide',
    ],
    node: true,
    packages: true,
  },
};

const src = dirname(fileURLToPath(import.meta.url));
const publicNames = new Map(
  Object.keys(doors).map((door) => [door === 'protocol' ? 'heddle' : `heddle/${door}`, door]),
);
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(sep).join('/'))
  .filter((file) => /\.tsx?$/.test(file) && !/\.(test|test-d|fixture)\.tsx?$/.test(file));

function doorOf(file: string): string | undefined {
  return Object.keys(doors).find((door) => file.startsWith(`${door}/`));
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(src, file), 'utf8');
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)[^'"`;]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s*'([^']+)'/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** Returns what is wrong with an import, as a sentence. */
function judge(file: string, specifier: string): string | undefined {
  const from = doorOf(file);
  const rules = from === undefined ? undefined : doors[from];
  if (from === undefined || rules === undefined) return `src/${file} stands in no door.`;
  if (specifier.startsWith('node:')) {
    return rules.node ? undefined : `src/${file} imports ${specifier}, and ${from} must run anywhere.`;
  }
  const named = publicNames.get(specifier);
  if (!specifier.startsWith('.') && named === undefined) {
    const { packages = [] } = rules;
    return packages === true || packages.includes(specifier)
      ? undefined
      : `src/${file} imports the package ${specifier}, and ${from} imports ${packages.join(', ') || 'none'}.`;
  }
  const target =
    named ??
    relative(src, resolve(src, dirname(file), specifier))
      .split(sep)
      .join('/');
  const to = named ?? doorOf(target);
  if (to === from) return undefined;
  if (to === undefined) return `src/${file} imports ${specifier}, which stands in no door.`;
  if (!rules.imports.includes(to))
    return `src/${file} imports ${to}, and ${from} may only import ${rules.imports.join(', ') || 'nothing'}.`;
  if (named === undefined && rules.byName)
    return `src/${file} imports ${specifier}, and ${from} takes the other doors by their public names only.`;
  if (named === undefined && target !== `${to}/index.ts` && target !== `${to}/internal.ts`)
    return `src/${file} reaches into ${target}; a door is seen through its index.ts or its internal.ts only.`;
  return undefined;
}

test('every door imports only what the table allows, and only through index.ts or internal.ts', () => {
  const complaints = files
    .flatMap((file) => importsOf(file).map((specifier) => judge(file, specifier)))
    .filter(Boolean);
  expect(files.length).toBeGreaterThan(50);
  expect(complaints).toEqual([]);
});

test('the table of ARCHITECTURE.md says the same', () => {
  const text = readFileSync(join(dirname(src), 'ARCHITECTURE.md'), 'utf8');
  const rows = text.slice(text.indexOf('| door |')).split('\n\n')[0]?.split('\n').slice(2) ?? [];
  const said = rows.map((row) => {
    const [, name = '', , imports = '', where = ''] = row.split('|').map((cell) => cell.trim());
    const names = imports
      .split(/, (?:and )?/)
      .filter((each) => publicNames.has(`heddle/${each}`) || each === 'protocol');
    return [name.split('`')[1], { imports: names.toSorted(), node: !/anywhere|server|browser/.test(where) }];
  });
  const held = Object.entries(doors).map(([name, { imports, node = false }]) => [
    name,
    { imports: imports.toSorted(), node },
  ]);
  expect(Object.fromEntries(said)).toEqual(Object.fromEntries(held));
});

test('the check of imports finds each kind of violation', () => {
  expect(judge('wire/parse.ts', 'node:fs')).toContain('must run anywhere');
  expect(judge('client/session.ts', 'eventsource')).toContain('imports none');
  expect(judge('react/use-session.ts', 'react-dom')).toContain('imports react.');
  expect(judge('protocol/id.ts', '../wire/index.ts')).toContain('may only import nothing');
  expect(judge('server/stream.ts', '../log/memory.ts')).toContain('internal.ts only');
  expect(judge('guide/answer.ts', '../protocol/index.ts')).toContain('public names only');
});

test('an index.ts and an internal.ts hold named re-exports and nothing else', () => {
  for (const file of files.filter((name) => /\/(index|internal)\.ts$/.test(name))) {
    const rest = readFileSync(join(src, file), 'utf8')
      .replace(/export (?:type )?\{[^}]*\} from '[^']+';\n/g, '')
      .trim();
    expect(rest, `src/${file}`).toBe('');
  }
});

const root = dirname(src);

/** Returns the files below a folder. Folders with a dot are left out: other tests make and remove them. */
function sourcesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : sourcesIn(path);
    return /\.tsx?$/.test(path) ? path : [];
  });
}

/** The relative imports of all files of the project. Paths start at the project's folder. */
const project = new Map(
  ['src', 'page/src', 'test', 'proofs', 'bench', 'scripts', 'examples'].flatMap((folder) =>
    sourcesIn(folder).map((file): [string, readonly string[]] => {
      const near = importsOf(`../${file}`).filter((specifier) => specifier.startsWith('.'));
      return [file, near.map((specifier) => relative(root, resolve(root, dirname(file), specifier)))];
    }),
  ),
);

test('no files import each other in a circle, types included', () => {
  /** Returns the shortest way from a file back to itself, if there is one. */
  const findCircle = (start: string): readonly string[] | undefined => {
    const ways: (readonly string[])[] = [[start]];
    const seen = new Set<string>();
    for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
      for (const target of project.get(way.at(-1) ?? '') ?? []) {
        if (target === start) return [...way, start];
        if (!seen.has(target)) ways.push([...way, target]);
        seen.add(target);
      }
    }
    return undefined;
  };
  expect([...project.values()].flat().length).toBeGreaterThan(2_000);
  expect([...project.keys()].map(findCircle).filter(Boolean)).toEqual([]);
});

test('tests, proofs and benchmarks share only the rig; the product imports none of them', () => {
  const kindOf = (file: string): string =>
    file.startsWith('test/rig/') ? 'rig' : (file.split('/')[0] ?? '');
  const forbidden: Readonly<Record<string, readonly string[]>> = {
    src: ['test', 'rig', 'proofs', 'bench', 'scripts', 'page'],
    page: ['src', 'test', 'rig', 'proofs', 'bench', 'scripts'],
    examples: ['src', 'test', 'rig', 'proofs', 'bench', 'scripts', 'page'],
    rig: ['test', 'proofs', 'bench', 'page'],
    test: ['proofs', 'bench'],
    proofs: ['test', 'bench', 'page'],
    bench: ['test', 'proofs', 'page'],
  };
  const complaints = [...project].flatMap(([file, targets]) =>
    targets
      .filter((target) => forbidden[kindOf(file)]?.includes(kindOf(target)))
      .map((target) => `${file} imports ${target}.`),
  );
  expect(complaints).toEqual([]);
});

test('no name is exported twice in the project', () => {
  const names = new Map<string, string[]>();
  for (const file of project.keys()) {
    // Files in folders of test/docs are those of a reader who follows a page.
    if (/\.(test|test-d|fixture)\.tsx?$|^examples\/|^test\/docs\/.+\//.test(file)) continue;
    const text = readFileSync(join(root, file), 'utf8');
    const declared = text.matchAll(/^export (?:(?:async )?function\*?|interface|type|class|const) (\w+)/gm);
    for (const [, name = ''] of declared) names.set(name, [...(names.get(name) ?? []), file]);
  }
  expect(names.size).toBeGreaterThan(900);
  expect([...names].filter(([, places]) => places.length > 1)).toEqual([]);
});

test('no file is longer than 400 lines', () => {
  const isCode = (file: string): boolean => !/\.(test|fixture)\.tsx?$/.test(file);
  const long = [...project.keys()]
    .filter(isCode)
    .filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 400);
  expect(long).toEqual([]);
});
