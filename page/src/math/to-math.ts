import { createElement } from 'react';
import type { ReactElement, ReactNode } from 'react';
import temml from 'temml';
import { isObject } from '../parts/is-object.ts';
import type { FormulaSource } from './read-formula.ts';

// Characters. A longer one is no formula that people read.
const longest = 4_000;
const deepest = 40;
const mostNodes = 6_000;
// A formula that defines macros could make any amount of work of a few words.
const defines = /\\(?:global|long|[egx]?def|let|futurelet|(?:re)?newcommand|providecommand)(?![A-Za-z])/;

/**
 * Turns a formula into MathML. The formula is not trusted: only the elements, attributes and styles here
 * exist, and nothing in them is an address or a name. Undefined when it cannot be read, is very long or
 * deeply nested, or defines macros.
 */
export function toMath({ tex, isDisplay }: FormulaSource): ReactElement | undefined {
  if (tex.length > longest || defines.test(tex) || depthOf(tex) > deepest) return undefined;
  try {
    // Its types leave out the function that returns a tree, not markup.
    const read: unknown = Reflect.get(temml, '__renderToMathMLTree');
    if (!isReader(read)) return undefined;
    const tree = read(tex, {
      displayMode: isDisplay,
      throwOnError: true,
      trust: false,
      macros: {},
      // In em and in points.
      maxSize: [10, 100],
    });
    // A wide formula scrolls, also by the keyboard.
    const outer = isDisplay ? { translate: 'no', tabIndex: 0 } : { translate: 'no' };
    const math = toElement(tree, { nodes: mostNodes, outer }, 0);
    return typeof math === 'object' ? math : undefined;
  } catch {
    // A mistake in the formula, or something beyond what is allowed.
    return undefined;
  }
}

function isReader(value: unknown): value is (tex: string, options: object) => unknown {
  return typeof value === 'function';
}

/** Returns how deeply groups nest. Reading deep ones costs the square of their depth. */
function depthOf(tex: string): number {
  let depth = 0;
  let most = 0;
  for (const [mark] of tex.matchAll(/\\(?:left|right|begin|end)(?![A-Za-z])|\\[^]|[{}]/g)) {
    if (mark === '{' || mark === '\\left' || mark === '\\begin') depth += 1;
    else if (mark === '}' || mark === '\\right' || mark === '\\end') depth -= 1;
    most = Math.max(most, depth);
  }
  return most;
}

function toElement(
  node: unknown,
  left: { nodes: number; readonly outer: object },
  depth: number,
  key?: number,
): ReactElement | string {
  left.nodes -= 1;
  if (!isObject(node) || left.nodes < 0 || depth > deepest * 3) throw new Error('Too much of a formula.');
  const { type, href, text, children, attributes, classes, style } = node;
  if (typeof text === 'string') return text;
  const content = Array.isArray(children)
    ? children.map((child: unknown, index): ReactNode => toElement(child, left, depth + 1, index))
    : [];
  // A fragment has no type, as links have none. MathML counts children, so it becomes one.
  const tag = type === undefined && href === undefined ? 'mrow' : type;
  if (typeof tag !== 'string' || !tags.has(tag)) throw new Error('Not an element of a formula.');
  return createElement(
    tag,
    {
      key,
      ...(depth === 0 && left.outer),
      ...known(attributes, names),
      ...(Array.isArray(classes) && classes.length > 0 && { className: classes.join(' ') }),
      style: known(style, styles),
    },
    // Words alone are their element's only child, so that React finds them whatever a translator does.
    ...(content.every((each) => typeof each === 'string') ? [content.join('')] : content).filter(
      (each) => each !== '',
    ),
  );
}

/** Returns the allowed members whose values are plain words and lengths. */
function known(members: unknown, allowed: ReadonlySet<string>): Readonly<Record<string, string>> {
  const found = Object.entries(isObject(members) ? members : {}).flatMap(([name, value]) =>
    allowed.has(name) && /^[\w.% #+-]*$/.test(String(value)) ? [[name, String(value)] as const] : [],
  );
  return Object.fromEntries(found);
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));
const tags = set(
  'math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts ' +
    'mprescripts none mtable mtr mtd mlabeledtr mpadded mphantom mstyle menclose',
);
// Colours are left out: one that is readable in one theme is not in the other.
const names = set(
  'display displaystyle scriptlevel mathvariant mathsize stretchy symmetric fence form separator movablelimits ' +
    'largeop lspace rspace minsize maxsize width height depth voffset linethickness accent accentunder rowspan ' +
    'columnspan notation columnalign rowalign rowspacing columnspacing rowlines columnlines',
);
const styles = set(
  'padding paddingLeft paddingRight paddingTop paddingBottom border borderLeft borderRight borderTop borderBottom ' +
    'width textAlign mathDepth marginLeft marginRight',
);
