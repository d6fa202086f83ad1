import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import type { Components, Options } from 'react-markdown';
import { assert, property } from 'fast-check';
import { expect, test } from 'vitest';
import { Markdown } from '../parts/markdown.tsx';
import { syntax, toTree } from './syntax.ts';
import { corpus, mixture, ordinary } from './texts.fixture.ts';

/** Texts that the parser of whole texts does not read as CommonMark says (decision 015). */
const quirks: readonly RegExp[] = [
  // After a marker without text, it takes each line of indented code for a separate block.
  /[-+*>.)] *\n[ >\n]*(?: {4}|\t)/,
  // It takes a list for a loose one if two empty lines of a quote come after it.
  /^[ >]*>[ >]*\n[ >]*>[ >]*$/m,
];

test('reading line by line gives the same result as a parser of whole texts', () => {
  for (const text of corpus) expect(here(text), text).toBe(whole(text));
  assert(
    property(
      mixture.filter((text) => !quirks.some((quirk) => quirk.test(text))),
      (text) => {
        expect(here(text)).toBe(whole(text));
      },
    ),
    { numRuns: 150 },
  );
});

test('the same holds wherever the text ends', () => {
  for (const text of ordinary) {
    for (let end = 1; end <= text.length; end += 4) {
      const part = text.slice(0, end);
      expect(here(part), part).toBe(whole(part));
    }
  }
});

/** Removes what the page renders in its own way from both: buttons, links and white space. */
function here(text: string): string {
  return plain(
    renderToStaticMarkup(<Markdown text={text} />).replaceAll(/<p class="html".*?<\/p>/gs, (html) =>
      html.slice(0, -4),
    ),
  );
}

function whole(text: string): string {
  return plain(
    renderToStaticMarkup(
      <ReactMarkdown remarkPlugins={[readAsHere]} components={components}>
        {text}
      </ReactMarkdown>,
    ),
  );
}

function readAsHere(this: ThisParameterType<Plugin>): void {
  Object.assign(this.data(), { micromarkExtensions: syntax, fromMarkdownExtensions: toTree });
}

type Plugin = Extract<NonNullable<Options['remarkPlugins']>[number], (...args: never[]) => unknown>;

const components: Components = {
  a: ({ node, children }) => (node?.properties['dataFootnoteBackref'] === undefined ? children : undefined),
  img: ({ alt }) => (alt ? `Image: ${alt}` : 'Image'),
};

function plain(html: string): string {
  return (
    html
      .replaceAll(
        /<button.*?<\/button>|<div class="code-head".*?<\/div>|<\/?(?:div|section|span|label|a)(?: [^>]*)?>|<p class="html"[^>]*>/g,
        '',
      )
      .replaceAll(/<(\w+)[^>]*>/g, '<$1>')
      // Here the level of a heading is its rank in the outline.
      .replaceAll(/(?<=<\/?h)\d/g, '')
      .replaceAll(/[\s↩]+/g, ' ')
      .replaceAll(/ (?=<)|(?<=>) /g, '')
      .trim()
  );
}
