import type {
  MarkdownBlock,
  Container,
  ListItem,
  Leaf,
  List,
  MarkdownNode,
  Note,
  MarkdownRoot,
  Table,
  Text,
} from './nodes.ts';
import type { TextPiece } from './piece.ts';
import type { Definition } from './read.ts';

// A version is never used twice, in any text.
let clock = 0;

/** A text that is being read. Only its open blocks can still change. */
export interface Tree {
  readonly root: MarkdownRoot;
  /** The root and the open containers, outermost first. */
  readonly open: Container[];
  leaf: Leaf | undefined;
  /** The depths of the headings above the current place. */
  outline: readonly number[];
  /** The definitions found so far, in the order of the text. */
  readonly definitions: Definition[];
  readonly notes: Note[];
  /** Texts that may refer to a definition or a footnote. */
  readonly texts: (Text | Table)[];
  /** Pieces by the text they were cut from, because a long line that grows is cut again each time. */
  readonly cuts: Map<string, TextPiece>;
}

export function createTree(): Tree {
  const root: MarkdownRoot = { type: 'root', parent: undefined, version: 0, children: [] };
  return {
    root,
    open: [root],
    leaf: undefined,
    outline: [],
    definitions: [],
    notes: [],
    texts: [],
    cuts: new Map(),
  };
}

export function innermost({ open, root }: Tree): Container {
  return open.at(-1) ?? root;
}

/** Adds a block at the current place. */
export function add<T extends MarkdownBlock>(tree: Tree, block: T): T {
  const parent = innermost(tree);
  if (parent.type === 'item' && parent.isAfterBlank) loosen(parent.list);
  parent.children.push(block);
  touch(block);
  return block;
}

export function addItem(tree: Tree, list: List, size: number, isBare: boolean): void {
  const item: ListItem = {
    type: 'item',
    parent: list,
    version: 0,
    list,
    size,
    children: [],
    isBare,
    isAfterBlank: false,
  };
  list.children.push(item);
  touch(item);
  tree.open.push(item);
}

/** Marks a list as loose, so that its paragraphs have space around them. */
export function loosen(list: List): void {
  list.isLoose = true;
  touch(list);
}

/** Closes the open containers beyond a depth. */
export function closeTo(tree: Tree, depth: number): void {
  if (depth < tree.open.length) closeLeaf(tree);
  tree.open.length = depth;
}

export function closeLeaf(tree: Tree): void {
  if (tree.leaf?.type === 'text') tree.definitions.push(...tree.leaf.definitions);
  tree.leaf = undefined;
}

/** Adds a heading to the outline and returns its rank. */
export function rankOf(tree: Tree, depth: number): number {
  tree.outline = [...tree.outline.filter((above) => above < depth), depth];
  return tree.outline.length;
}

/** Remembers a text that may refer to something. */
export function refer({ texts }: Tree, leaf: Text | Table): void {
  if (texts.at(-1) !== leaf && leaf.pieces.some(({ labels }) => labels.length > 0)) texts.push(leaf);
}

export function noteAround({ open }: Tree): Note | undefined {
  return open.findLast((each): each is Note => each.type === 'note');
}

/** Marks a node and its ancestors as changed. */
export function touch(node: MarkdownNode): void {
  clock += 1;
  for (let at: MarkdownNode | undefined = node; at !== undefined; at = at.parent) at.version = clock;
}

/**
 * Saves the state of a tree and returns a function that restores it, because the last line may be incomplete.
 */
export function keep(tree: Tree): () => void {
  const { open, leaf, outline, definitions, notes, texts } = tree;
  const containers = open.flatMap((each): (Container | List)[] =>
    each.type === 'item' ? [each.list, each] : [each],
  );
  const fields = [...containers, ...(leaf ? [leaf] : [])].map((node) => ({ node, as: { ...node } }));
  const arrays: unknown[][] = [
    definitions,
    notes,
    texts,
    ...containers.map(({ children }): unknown[] => children),
  ];
  const ends = arrays.map((array) => ({ array, length: array.length, last: array.at(-1) }));
  const wasOpen = [...open];
  return () => {
    for (const { array, length, last } of ends) {
      array.length = length;
      // A paragraph may have become a table.
      if (length > 0) array[length - 1] = last;
    }
    for (const { node, as } of fields) Object.assign(node, as);
    open.splice(0, open.length, ...wasOpen);
    tree.leaf = leaf;
    tree.outline = outline;
  };
}
