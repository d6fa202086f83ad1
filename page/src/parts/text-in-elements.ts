/** A node of a hast tree, as far as this looks at it. */
interface Node {
  readonly type: string;
  readonly tagName?: string;
  readonly value?: string;
  readonly properties?: Readonly<Record<string, never>>;
  children?: Node[];
}

const blocks = new Set(
  'blockquote div h1 h2 h3 h4 h5 h6 hr li ol p pre section table tbody td th thead tr ul'.split(' '),
);

/**
 * Gives each text an element of its own. Translators and other scripts put something of theirs in place of text nodes. React does not
 * find its nodes then, shows new words nowhere, or throws; but what an element holds alone it writes anew, whatever that
 * has become. The blanks between blocks, which nobody sees, are left out.
 */
export function textInElements(): (tree: Node) => void {
  return wrapTexts;
}

function wrapTexts(parent: Node): void {
  const children = joinTexts(parent.children ?? []);
  const isAlone = parent.type === 'element' && children.length === 1;
  parent.children = children.flatMap((child, index) => {
    if (child.type !== 'text') {
      wrapTexts(child);
      return [child];
    }
    const isBlank = child.value?.trim() === '';
    if (isBlank && (isBlock(children[index - 1]) || isBlock(children[index + 1]))) return [];
    return isAlone ? [child] : [{ type: 'element', tagName: 'span', properties: {}, children: [child] }];
  });
}

/** Makes one of texts that stand side by side. Markup in the text itself is text as well: it is shown as it was written. */
function joinTexts(nodes: readonly Node[]): readonly Node[] {
  const joined: Node[] = [];
  for (const node of nodes) {
    const isText = node.type === 'text' || node.type === 'raw';
    const before = joined.at(-1);
    if (isText && before?.type === 'text')
      joined.splice(-1, 1, { type: 'text', value: `${before.value ?? ''}${node.value ?? ''}` });
    else joined.push(isText ? { type: 'text', value: node.value ?? '' } : node);
  }
  return joined;
}

function isBlock(node: Node | undefined): boolean {
  return blocks.has(node?.tagName ?? '');
}
