import { memo } from 'react';
import type { ReactElement } from 'react';
import type { Table as Read, TableRow } from 'mdast';
import type { TextDefinitions } from './known.ts';
import type { Table } from './nodes.ts';
import { phrasing } from './phrasing.tsx';
import type { TextPiece } from './piece.ts';
import { tableOf } from './read-piece.ts';

export function TableView({ table }: { readonly table: Table }): ReactElement | undefined {
  const { pieces, known, rows } = table;
  const read = pieces[0] && tableOf(pieces[0], known);
  const [head] = read?.children ?? [];
  if (head === undefined) return undefined;
  return (
    <div className="table-scroll" tabIndex={0}>
      <table dir="auto">
        <thead>
          <Row row={head} tag="th" align={read?.align} known={known} />
        </thead>
        {rows > 0 && (
          <tbody>
            {pieces.map((piece, index) => (
              // Pieces keep their index; only the last one grows.
              // oxlint-disable-next-line react/no-array-index-key
              <Rows key={index} piece={piece} known={known} />
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
}

const Rows = memo(function Rows({
  piece,
  known,
}: {
  readonly piece: TextPiece;
  readonly known: TextDefinitions;
}): ReactElement | readonly ReactElement[] {
  if (piece.isPlain) {
    return (
      <tr>
        <td>{piece.text}</td>
      </tr>
    );
  }
  const read = tableOf(piece, known);
  return (read?.children ?? []).slice(1).map((row, index) => (
    // oxlint-disable-next-line react/no-array-index-key
    <Row key={index} row={row} tag="td" align={read?.align} known={known} />
  ));
});

function Row({
  row,
  tag: Cell,
  align,
  known,
}: {
  readonly row: TableRow;
  readonly tag: 'th' | 'td';
  readonly align: Read['align'] | undefined;
  readonly known: TextDefinitions;
}): ReactElement {
  // Each row has as many cells as the head, whatever it holds.
  return (
    <tr>
      {(align ?? []).map((side, index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <Cell key={index} data-align={side ?? undefined}>
          {phrasing(row.children[index]?.children ?? [], known)}
        </Cell>
      ))}
    </tr>
  );
}
