import type { LanguageFn } from 'highlight.js';

type Load = () => Promise<{ readonly default: LanguageFn }>;

/** A language with a grammar: its names in code fences, the first one being the grammar's own. */
interface Language {
  readonly names: string;
  readonly load: Load;
  /** Languages that texts in this one contain. */
  readonly inside?: readonly string[];
}

const table: readonly Language[] = [
  { names: 'bash sh zsh shell', load: () => import('highlight.js/lib/languages/bash') },
  { names: 'c h', load: () => import('highlight.js/lib/languages/c') },
  { names: 'cpp c++ cc cxx hpp', load: () => import('highlight.js/lib/languages/cpp') },
  { names: 'csharp c# cs', load: () => import('highlight.js/lib/languages/csharp') },
  { names: 'clojure clj edn', load: () => import('highlight.js/lib/languages/clojure') },
  { names: 'css', load: () => import('highlight.js/lib/languages/css') },
  { names: 'dart', load: () => import('highlight.js/lib/languages/dart') },
  { names: 'diff patch', load: () => import('highlight.js/lib/languages/diff') },
  { names: 'dockerfile docker', load: () => import('highlight.js/lib/languages/dockerfile') },
  { names: 'elixir ex exs', load: () => import('highlight.js/lib/languages/elixir') },
  { names: 'erlang erl', load: () => import('highlight.js/lib/languages/erlang') },
  { names: 'go golang', load: () => import('highlight.js/lib/languages/go') },
  { names: 'graphql gql', load: () => import('highlight.js/lib/languages/graphql') },
  { names: 'groovy gradle', load: () => import('highlight.js/lib/languages/groovy') },
  { names: 'haskell hs', load: () => import('highlight.js/lib/languages/haskell') },
  { names: 'http', load: () => import('highlight.js/lib/languages/http') },
  { names: 'ini toml conf', load: () => import('highlight.js/lib/languages/ini') },
  { names: 'java', load: () => import('highlight.js/lib/languages/java') },
  { names: 'javascript js jsx mjs cjs', load: () => import('highlight.js/lib/languages/javascript') },
  { names: 'json json5 jsonc jsonl', load: () => import('highlight.js/lib/languages/json') },
  { names: 'julia jl', load: () => import('highlight.js/lib/languages/julia') },
  { names: 'kotlin kt kts', load: () => import('highlight.js/lib/languages/kotlin') },
  { names: 'latex tex', load: () => import('highlight.js/lib/languages/latex') },
  { names: 'less', load: () => import('highlight.js/lib/languages/less') },
  { names: 'lisp elisp scheme', load: () => import('highlight.js/lib/languages/lisp') },
  { names: 'lua', load: () => import('highlight.js/lib/languages/lua') },
  { names: 'makefile make mk', load: () => import('highlight.js/lib/languages/makefile') },
  { names: 'markdown md mdx', load: () => import('highlight.js/lib/languages/markdown') },
  { names: 'matlab octave', load: () => import('highlight.js/lib/languages/matlab') },
  { names: 'nginx', load: () => import('highlight.js/lib/languages/nginx') },
  { names: 'nix', load: () => import('highlight.js/lib/languages/nix') },
  { names: 'objectivec objc objective-c', load: () => import('highlight.js/lib/languages/objectivec') },
  { names: 'ocaml ml', load: () => import('highlight.js/lib/languages/ocaml') },
  { names: 'perl pl', load: () => import('highlight.js/lib/languages/perl') },
  { names: 'php', load: () => import('highlight.js/lib/languages/php') },
  { names: 'powershell ps1 pwsh', load: () => import('highlight.js/lib/languages/powershell') },
  { names: 'protobuf proto', load: () => import('highlight.js/lib/languages/protobuf') },
  { names: 'python py python3', load: () => import('highlight.js/lib/languages/python') },
  { names: 'r', load: () => import('highlight.js/lib/languages/r') },
  { names: 'ruby rb', load: () => import('highlight.js/lib/languages/ruby') },
  { names: 'rust rs', load: () => import('highlight.js/lib/languages/rust') },
  { names: 'scala', load: () => import('highlight.js/lib/languages/scala') },
  { names: 'scss sass', load: () => import('highlight.js/lib/languages/scss') },
  {
    names: 'shell-session console shellsession',
    load: () => import('highlight.js/lib/languages/shell'),
    inside: ['bash'],
  },
  {
    names: 'sql mysql postgresql postgres pgsql sqlite',
    load: () => import('highlight.js/lib/languages/sql'),
  },
  { names: 'swift', load: () => import('highlight.js/lib/languages/swift') },
  { names: 'typescript ts tsx mts cts', load: () => import('highlight.js/lib/languages/typescript') },
  {
    names: 'xml html xhtml svg vue svelte',
    load: () => import('highlight.js/lib/languages/xml'),
    inside: ['javascript', 'css'],
  },
  { names: 'yaml yml', load: () => import('highlight.js/lib/languages/yaml') },
];

const byName = new Map(
  table.flatMap((language) => language.names.split(' ').map((name): [string, Language] => [name, language])),
);

/** Loads the grammar of a name, and those of the languages inside it. Undefined for an unknown name. */
export async function loadLanguages(name: string): Promise<ReadonlyMap<string, LanguageFn> | undefined> {
  const language = byName.get(name.toLowerCase());
  if (language === undefined) return undefined;
  const all = [language, ...(language.inside ?? []).flatMap((inner) => byName.get(inner) ?? [])];
  return new Map(
    await Promise.all(
      all.map(async ({ names, load }): Promise<[string, LanguageFn]> => [
        names.split(' ')[0] ?? '',
        (await load()).default,
      ]),
    ),
  );
}
