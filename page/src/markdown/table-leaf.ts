import { unknown } from './known.ts';
import { countCells, readDelimiters, readHtml } from './leaf-marks.ts';
import type { Table, Text } from './nodes.ts';
import { createPiece, windowOf } from './piece.ts';
import { withoutHeader } from './text-leaf.ts';
import { add, closeLeaf, innermost, noteAround, refer, touch } from './tree.ts';
import type { Tree } from './tree.ts';

// Kept small, because the last piece is read again each time it grows.
const rowsOfPiece = 16;

/**
 * Turns the last line of a paragraph into a table, when the next line is a delimiter row with as many cells.
 */
export function openTable(tree: Tree, leaf: Text, delimiters: string): boolean {
  const { header, source } = leaf;
  const cells = readDelimiters(delimiters);
  if (header === undefined || cells === undefined || countCells(header.trim()) !== cells) return false;
  if (readHtml(header, false) !== undefined) return false;
  const head = `${header}\n${delimiters}`;
  if (isLong(head)) return false;
  if (source === header) innermost(tree).children.pop();
  else {
    withoutHeader(tree, leaf, header);
    closeLeaf(tree);
  }
  const table = add<Table>(tree, {
    type: 'table',
    parent: innermost(tree),
    version: 0,
    head,
    pieces: [createPiece(head)],
    rows: 0,
    note: noteAround(tree),
    known: unknown,
    asked: undefined,
  });
  refer(tree, table);
  tree.leaf = table;
  return true;
}

export function addRow(tree: Tree, table: Table, row: string): void {
  const { pieces, head, rows } = table;
  const last = pieces.at(-1);
  const alone = createPiece(`${head}\n${row}`);
  const together = createPiece(`${last?.text}\n${row}`);
  // A row that is too long to be read is shown unchanged.
  if (isLong(alone.text)) table.pieces = [...pieces, { text: row, labels: [], isPlain: true }];
  else if (last?.isPlain || isLong(together.text) || (rows > 0 && rows % rowsOfPiece === 0))
    table.pieces = [...pieces, alone];
  else table.pieces = [...pieces.slice(0, -1), together];
  table.rows = rows + 1;
  refer(tree, table);
  touch(table);
}

function isLong(text: string): boolean {
  return windowOf(text) !== undefined;
}
