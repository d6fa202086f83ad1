import { FunctionTool } from '@strands-agents/sdk';
import type { DocsSearch } from './create-docs-search.ts';
import { propertiesOf } from './properties-of.ts';
import { timeIn } from './time-in.ts';
import type { Doc } from './to-sections.ts';

export interface ToolParts {
  /** Reads the documents that `search_docs` searches. Called once, when it is first used. */
  readonly docs: () => readonly Doc[];
  readonly now: () => Date;
}

/**
 * Creates the guide's tools: `calculator`, `current_time` and `search_docs`. A tool loads the code that it
 * needs when it is first used.
 */
export function createTools({ docs, now }: ToolParts): FunctionTool[] {
  let searching: Promise<DocsSearch> | undefined;
  const index = async (): Promise<DocsSearch> => {
    const { createDocsSearch } = await import('./create-docs-search.ts');
    return createDocsSearch(docs());
  };
  return [
    new FunctionTool({
      name: 'calculator',
      description:
        'Works out an arithmetic expression exactly. Operators + - * / ^ % !, parentheses, pi, e, and functions such as sqrt, log, sin, round, min, max.',
      inputSchema: stringInput({ expression: 'The expression, for example (1250 * 1.08) / 3' }, [
        'expression',
      ]),
      callback: async (input) => {
        const { calculate } = await import('./calculate.ts');
        return calculate(stringIn(input, 'expression') ?? '');
      },
    }),
    new FunctionTool({
      name: 'current_time',
      description:
        'Tells the date and time now in a time zone or city; without a place, where this server is.',
      inputSchema: stringInput({ place: 'An IANA time zone such as Asia/Tokyo, or a city' }, []),
      callback: (input) => ({ ...timeIn(stringIn(input, 'place'), now()) }),
    }),
    new FunctionTool({
      name: 'search_docs',
      description:
        "Searches Heddle's own documentation and gives the sections that fit best: title, path and an excerpt.",
      inputSchema: stringInput({ query: 'What to look for, in English or Japanese' }, ['query']),
      callback: async (input) => {
        const search = await (searching ??= index());
        return { results: search(stringIn(input, 'query') ?? '').map((found) => ({ ...found })) };
      },
    }),
  ];
}

function stringInput(properties: Readonly<Record<string, string>>, required: string[]): FunctionToolSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, description]) => [name, { type: 'string', description }]),
    ),
    required,
    additionalProperties: false,
  };
}

type FunctionToolSchema = NonNullable<ConstructorParameters<typeof FunctionTool>[0]['inputSchema']>;

/** Returns an input as a text of at most 1000 characters. A model may send any value. */
function stringIn(input: unknown, name: string): string | undefined {
  const value = propertiesOf(input)[name];
  return typeof value === 'string' && value.trim() !== '' ? value.slice(0, 1_000) : undefined;
}
