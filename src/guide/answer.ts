import type { ToolAnswer } from './heard.ts';
import type { Phrases } from './phrases.ts';
import { propertiesOf } from './properties-of.ts';

/** Returns the results of the tools as Markdown. */
export function answerPrompt(results: readonly ToolAnswer[], phrases: Phrases): string {
  return results.map((result) => say(result, phrases)).join('\n\n');
}

function say({ tool, input, status, output }: ToolAnswer, phrases: Phrases): string {
  if (status === 'error') return phrases.failed(text(output).replace(/^Error: /, ''));
  switch (tool) {
    case 'calculator':
      return phrases.result(field(input, 'expression'), text(output));
    case 'current_time':
      return phrases.time(
        field(output, 'time_zone'),
        field(output, 'time'),
        field(output, 'weekday'),
        field(output, 'utc_offset'),
      );
    default:
      return sayFound(output, phrases);
  }
}

function sayFound(output: unknown, phrases: Phrases): string {
  const { results } = propertiesOf(output);
  if (!Array.isArray(results) || results.length === 0) return phrases.nothing;
  const found = results.map(
    (each: unknown) =>
      `**${field(each, 'title')}** · \`${field(each, 'path')}\`\n\n${quote(field(each, 'excerpt'))}`,
  );
  return [phrases.found, ...found].join('\n\n');
}

function quote(excerpt: string): string {
  return excerpt
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

function field(value: unknown, name: string): string {
  return text(propertiesOf(value)[name]);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
