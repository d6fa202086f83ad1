import { memo } from 'react';
import type { ReactElement, ReactNode } from 'react';
import ReactMarkdown from 'react-markdown';
import type { Components } from 'react-markdown';

import { strings } from '../strings/strings.ts';
import { CodeBlock } from './code-block.tsx';
import { gfm } from './gfm.ts';

import { safeUrl } from './safe-url.ts';
import { splitBlocks } from './split-blocks.ts';
import { textInElements } from './text-in-elements.ts';

/**
 * Text of a model as markdown. What it says is not trusted: HTML stays visible text, links are checked, and nothing is
 * fetched (an image's address could carry away what the conversation holds).
 */
export const Markdown = memo(function Markdown({ text }: { readonly text: string }): ReactElement {
  return (
    <>
      {splitBlocks(text).map((block, index) => (
        // A block keeps its place once it is there; only the last one grows.
        // oxlint-disable-next-line react/no-array-index-key
        <Block key={index} text={block} />
      ))}
    </>
  );
});

const Block = memo(function Block({ text }: { readonly text: string }): ReactElement {
  return (
    <ReactMarkdown
      remarkPlugins={plugins}
      rehypePlugins={rehypePlugins}
      components={components}
      remarkRehypeOptions={toHtml}
      urlTransform={safeUrl}
    >
      {text}
    </ReactMarkdown>
  );
});

const plugins = [gfm];
const rehypePlugins = [textInElements];
const toHtml = { footnoteLabel: strings.footnotes };

const components: Components = {
  a({ node, href, children }) {
    // The way back from a footnote would need fragments, which here name sessions.
    if (node?.properties['dataFootnoteBackref'] !== undefined) return undefined;
    return href ? <OutsideLink href={href}>{children}</OutsideLink> : <span>{children}</span>;
  },
  img({ src, alt }) {
    const label = alt ? `${strings.image}: ${alt}` : strings.image;
    return typeof src === 'string' && src !== '' ? (
      <OutsideLink href={src}>{label}</OutsideLink>
    ) : (
      <span>{label}</span>
    );
  },
  input({ checked }) {
    return (
      <input
        type="checkbox"
        checked={checked}
        disabled
        aria-label={checked ? strings.taskDone : strings.taskOpen}
      />
    );
  },
  // In an answer they are all of one rank: the page has no place for those that a model skips, or begins with.
  h1: Heading,
  h2: Heading,
  h3: Heading,
  h4: Heading,
  h5: Heading,
  h6: Heading,
  pre({ children }) {
    return <CodeBlock>{children}</CodeBlock>;
  },
  table({ children }) {
    return (
      <div className="table-scroll" tabIndex={0}>
        <table>{children}</table>
      </div>
    );
  },
};

/** Looks as the model meant it. */
function Heading({
  node,
  className,
  children,
}: {
  readonly node?: { readonly tagName: string } | undefined;
  readonly className?: string | undefined;
  readonly children?: ReactNode;
}): ReactElement {
  return (
    <h2 className={className} data-rank={node?.tagName}>
      {children}
    </h2>
  );
}

function OutsideLink({
  href,
  children,
}: {
  readonly href: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
