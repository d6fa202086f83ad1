import type { Link, Nodes, PhrasingContent } from 'mdast';
import type { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal';
import type { Construct, State } from 'micromark-util-types';
import { take } from './take.ts';

type Syntax = ReturnType<typeof gfmAutolinkLiteral>;

// Scripts that write no spaces: the words behind an address stand right at it. In an address they are
// percent-encoded.
const scripts = ['Han', 'Hira', 'Kana', 'Hang', 'Bopo', 'Thai', 'Laoo', 'Khmr', 'Mymr'];
const letter = `[${scripts.map((script) => `\\p{scx=${script}}`).join('')}]`;
// Nor does punctuation belong to one that is not ASCII, but for dashes.
const mark = '[\\u3000-\\u303f\\uff00-\\uffef]|(?![\\0-\\x7f])[\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf}\\p{Po}]';
// A name of a host may be in such a script, as far as its parts are as a whole.
const host = `(?:https?://|www\\.)(?:(?!${letter}|${mark})[^/?#]|(?<=[/.]|${letter})${letter})*`;
const proper = new RegExp(`^${host}(?:(?!${letter}|${mark}).)*`, 'isu');

/** Ends an address that stands in a sentence without marks where the sentence goes on right behind it. */
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

/** The same for those addresses that are found in the tree only, as some in brackets are. */
export function endFoundAddresses(tree: Nodes): void {
  if (!('children' in tree)) return;
  const children: Nodes[] = tree.children;
  for (let index = 0; index < children.length; index += 1) {
    const node = children[index];
    if (node?.type === 'link' && node.position === undefined) children.splice(index, 1, ...ofLink(node));
    else if (node !== undefined) endFoundAddresses(node);
  }
}

/** The construct, which first looks how long it would be, and then takes as much of it as is proper. */
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

/** The part of an address that is one, without the punctuation of the sentence; empty where there is none. */
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
