import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import type { Components, Options } from 'react-markdown';
import { assert, property } from 'fast-check';
import { expect, test } from 'vitest';
import { Markdown } from '../parts/markdown.tsx';
import { syntax, toTree } from './syntax.ts';
import { corpus, mixture, ordinary } from './texts.fixture.ts';

test('read by the line, a text means what it means to a parser of whole texts', () => {
  for (const text of corpus) expect(here(text), text).toBe(whole(text));
  assert(
    property(
      // After a marker with nothing beside it, micromark takes each line of code by indent for a block of its
      // own.
      mixture.filter((text) => !/[-+*>.)] *\n[ >\n]*(?: {4}|\t)/.test(text)),
      (text) => {
        expect(here(text)).toBe(whole(text));
      },
    ),
    { numRuns: 150 },
  );
});

test('wherever it ends, that is so', () => {
  for (const text of ordinary) {
    for (let end = 1; end <= text.length; end += 4) {
      const part = text.slice(0, end);
      expect(here(part), part).toBe(whole(part));
    }
  }
});

/** What the page renders in its own way is left out of both: buttons, links, and where space stands. */
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
        /<button.*?<\/button>|<\/?(?:div|section|span|label|a)(?: [^>]*)?>|<p class="html"[^>]*>/g,
        '',
      )
      .replaceAll(/<(\w+)[^>]*>/g, '<$1>')
      // The rank of a heading is that among those around it.
      .replaceAll(/(?<=<\/?h)\d/g, '')
      .replaceAll(/[\s↩]+/g, ' ')
      .replaceAll(/ (?=<)|(?<=>) /g, '')
      .trim()
  );
}
