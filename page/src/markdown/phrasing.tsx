import { Fragment, createElement, useContext } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { PhrasingContent } from 'mdast';
import { normalizeIdentifier } from 'micromark-util-normalize-identifier';
import { normalizeUri } from 'micromark-util-sanitize-uri';
import { FormulaView } from '../math/formula-view.tsx';
import { strings } from '../strings/strings.ts';
import { FootnotesContext } from './footnotes-context.ts';
import { targetOf } from './known.ts';
import type { TextDefinitions } from './known.ts';
import { safeUrl } from './safe-url.ts';

/**
 * Renders the content of a block. The content is not trusted. Only the elements and attributes here exist,
 * other HTML stays visible text, and links are checked. Nothing is fetched, because the URL of an image could
 * carry away parts of the conversation.
 *
 * Each text has its own element, or is returned alone as the only content of an element. Translators and
 * other scripts replace text nodes. React then does not find the nodes it created, and shows new words
 * nowhere or throws. But React rewrites the only text of an element, whatever became of it.
 */
export function phrasing(
  nodes: readonly PhrasingContent[],
  known: TextDefinitions,
  isLinked = false,
): ReactNode {
  const children: ReactNode[] = [];
  let words = '';
  const add = (child: ReactNode): void => {
    if (words !== '') children.push(<span>{words}</span>);
    words = '';
    children.push(child);
  };
  for (let index = 0; index < nodes.length; index += 1) {
    const node = nodes[index];
    const tag = node?.type === 'html' ? openedBy(node.value) : undefined;
    const end = tag === undefined ? -1 : nodes.findIndex((each, at) => at > index && isEnd(each, tag));
    if (tag !== undefined && end > 0) {
      add(createElement(tag, undefined, phrasing(nodes.slice(index + 1, end), known, isLinked)));
      index = end;
    } else if (node !== undefined) {
      const read = phrase(node, known, isLinked);
      if (typeof read === 'string') words += read;
      else add(read);
    }
  }
  if (children.length === 0) return words;
  add(undefined);
  return createElement(Fragment, undefined, ...children);
}

/** Returns the tag of HTML for which markdown has no marks. Only a bare tag without attributes counts. */
function openedBy(html: string): string | undefined {
  return /^<(sub|sup|kbd|mark|u)>$/i.exec(html)?.[1]?.toLowerCase();
}

function isEnd(node: PhrasingContent, tag: string): boolean {
  return node.type === 'html' && node.value.toLowerCase() === `</${tag}>`;
}

function phrase(node: PhrasingContent, known: TextDefinitions, isLinked: boolean): ReactNode {
  const children =
    'children' in node && phrasing(node.children, known, isLinked || node.type.startsWith('link'));
  switch (node.type) {
    case 'emphasis':
      return <em>{children}</em>;
    case 'strong':
      return <strong>{children}</strong>;
    case 'delete':
      return <del>{children}</del>;
    case 'inlineCode': {
      const code = <code dir="ltr">{node.value.replaceAll('\n', ' ')}</code>;
      return node.data?.isFormula ? <FormulaView source={node.value} otherwise={code} /> : code;
    }
    case 'break':
      return <br />;
    case 'link':
      return <Link url={node.url}>{children}</Link>;
    case 'linkReference':
      return <Link url={targetOf(node, known)}>{children}</Link>;
    case 'image':
    case 'imageReference': {
      const label = node.alt ? `${strings.image}: ${node.alt}` : strings.image;
      if (isLinked) return label;
      return <Link url={node.type === 'image' ? node.url : targetOf(node, known)}>{label}</Link>;
    }
    case 'footnoteReference':
      return <FootnoteCall id={normalizeIdentifier(node.identifier)} />;
    case 'text':
      return node.value;
    case 'html':
      return /^<br ?\/?>$/i.test(node.value) ? <br /> : node.value;
  }
}

function Link({ url, children }: { readonly url: string; readonly children: ReactNode }): ReactElement {
  const href = safeUrl(normalizeUri(url));
  if (href === '') return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

/** Renders a number without a link: a link would need fragments, which name sessions here. */
function FootnoteCall({ id }: { readonly id: string }): ReactElement {
  return <sup>{useContext(FootnotesContext).get(id)}</sup>;
}
