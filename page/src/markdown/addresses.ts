import type { Link, Nodes, PhrasingContent } from 'mdast';
import type { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal';
import type { Construct, State } from 'micromark-util-types';
import { take } from './take.ts';

type Syntax = ReturnType<typeof gfmAutolinkLiteral>;

// Scripts without spaces between words: the next word directly follows a URL. Inside a URL these characters
// are percent-encoded.
const scripts = ['Han', 'Hira', 'Kana', 'Hang', 'Bopo', 'Thai', 'Laoo', 'Khmr', 'Mymr'];
const letter = `[${scripts.map((script) => `\\p{scx=${script}}`).join('')}]`;
// Punctuation outside ASCII is not part of a URL either, except dashes.
const mark = '[\\u3000-\\u303f\\uff00-\\uffef]|(?![\\0-\\x7f])[\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf}\\p{Po}]';
// A host name may use such a script when a whole label is written in it.
const host = `(?:https?://|www\\.)(?:(?!${letter}|${mark})[^/?#]|(?<=[/.]|${letter})${letter})*`;
const proper = new RegExp(`^${host}(?:(?!${letter}|${mark}).)*`, 'isu');

/** Changes the autolink syntax so that a bare URL ends where the sentence continues directly after it. */
export function endAddresses(syntax: Syntax): Syntax {
  const text = Object.entries(syntax.text ?? {}).map(([code, constructs = []]) => [
    code,
    [constructs].flat().map((each) => {
      if (each.name === 'protocolAutolink') return ended(each, 'literalAutolinkHttp');
      return each.name === 'wwwAutolink' ? ended(each, 'literalAutolinkWww') : each;
    }),
  ]);
  return { ...syntax, text: Object.fromEntries(text) };
}

/** Does the same for URLs that are found only in the tree, as some in brackets are. */
export function endFoundAddresses(tree: Nodes): void {
  if (!('children' in tree)) return;
  const children: Nodes[] = tree.children;
  for (let index = 0; index < children.length; index += 1) {
    const node = children[index];
    if (node?.type === 'link' && node.position === undefined) children.splice(index, 1, ...ofLink(node));
    else if (node !== undefined) endFoundAddresses(node);
  }
}

/** Wraps a construct. It first measures the URL, then takes only the proper part. */
function ended(construct: Construct, type: 'literalAutolinkHttp' | 'literalAutolinkWww'): Construct {
  return {
    ...construct,
    tokenize(effects, ok, nok) {
      const start = this.now();
      let length = 0;
      const measure: Construct = {
        partial: true,
        tokenize: (inner, found, notFound) => {
          const end: State = (code) => {
            length = properPart(this.sliceSerialize({ start, end: this.now() })).length;
            return length > 0 ? found(code) : notFound(code);
          };
          return construct.tokenize.call(this, inner, end, notFound);
        },
      };
      const tokens = ['literalAutolink', type] as const;
      return effects.check(
        measure,
        take(this, effects, tokens, () => length, ok),
        nok,
      );
    },
  };
}

function ofLink(link: Link): PhrasingContent[] {
  const [text] = link.children;
  if (text?.type !== 'text' || link.url.startsWith('mailto:') || link.url.startsWith('xmpp:')) return [link];
  const address = properPart(text.value);
  const rest = text.value.slice(address.length);
  if (rest === '') return [link];
  const url = link.url.slice(0, link.url.length - rest.length);
  const after: PhrasingContent = { type: 'text', value: rest };
  return address === '' ? [after] : [{ ...link, url, children: [{ type: 'text', value: address }] }, after];
}

/** Returns the proper part of a URL, without the punctuation of the sentence; empty when there is none. */
function properPart(address: string): string {
  const found = proper.exec(address)?.[0] ?? '';
  if (found.length === address.length) return address;
  let part = found;
  while (
    /[!"'(*,.:;?_~]$/.test(part) ||
    (part.endsWith(')') && part.split(')').length > part.split('(').length)
  )
    part = part.slice(0, -1);
  return /^(?:https?:\/\/|www\.)./i.test(part) ? part : '';
}
