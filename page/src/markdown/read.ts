import type { PhrasingContent, RootContent, Table } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Extension, TokenizeContext } from 'micromark-util-types';
import { normalizeIdentifier } from 'micromark-util-normalize-identifier';
import { syntax, toTree } from './syntax.ts';

/** The definitions outside of a text: the ids of link definitions and of footnotes. */
export interface DefinitionIds {
  readonly links: readonly string[];
  readonly notes: readonly string[];
}

/** A link definition. */
export interface Definition {
  readonly id: string;
  readonly url: string;
}

const nothing: DefinitionIds = { links: [], notes: [] };

/** Reads the text of a block: emphasis, links, code and so on. */
export function readPhrasing(text: string, defined: DefinitionIds = nothing): readonly PhrasingContent[] {
  const [first] = read(text, phrasing, defined);
  return first?.type === 'paragraph' ? first.children : [];
}

/** Reads the link definitions at the start of a paragraph. `end` is where its own text begins. */
export function readDefinitions(text: string): {
  readonly definitions: readonly Definition[];
  readonly end: number;
} {
  const definitions: Definition[] = [];
  let end = 0;
  for (const node of /^[ \t]*\[(?:\\[^]|[^[\]\\])+\]:/.test(text) ? read(text, paragraph, nothing) : []) {
    if (node.type !== 'definition') break;
    definitions.push({ id: normalizeIdentifier(node.identifier), url: node.url });
    end = node.position?.end.offset ?? 0;
  }
  return { definitions, end: end + (/^[ \t]*\n?/.exec(text.slice(end))?.[0].length ?? 0) };
}

/** Reads a table, whose first two lines are the head and the delimiters. */
export function readTable(text: string, defined: DefinitionIds = nothing): Table | undefined {
  const [first] = read(text, table, defined);
  return first?.type === 'table' ? first : undefined;
}

function read(
  text: string,
  extensions: readonly Extension[],
  defined: DefinitionIds,
): readonly RootContent[] {
  known = defined;
  return fromMarkdown(text, { extensions: [...extensions], mdastExtensions: toTree }).children;
}

/** The definitions for the next parser. */
let known = nothing;
const tellKnown: Extension = {
  document: {
    null: {
      tokenize(this: TokenizeContext, _effects, _ok, nok) {
        this.parser.defined = [...known.links];
        this.parser.gfmFootnotes = [...known.notes];
        return nok;
      },
    },
  },
};

// The scanner has already assigned each line to its block, so no line may begin another block.
const blocks =
  'blockQuote list gfmFootnoteDefinition codeFenced codeIndented headingAtx htmlFlow setextUnderline thematicBreak';
const without = (names: string): Extension => ({ disable: { null: `${blocks} ${names}`.split(' ') } });
const phrasing = [...syntax, tellKnown, without('definition table')];
const paragraph = [...syntax, tellKnown, without('table')];
const table = [...syntax, tellKnown, without('definition')];
