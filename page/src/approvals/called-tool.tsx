import type { ReactElement } from 'react';
import type { ToolPart } from 'heddle';
import { isObject } from '../parts/is-object.ts';
import { RequestView } from './request-view.tsx';
import { pretty } from '../parts/pretty.ts';
import { strings } from '../strings/strings.ts';

/** Renders the call that needs approval with all of its input, because the user approves the whole of it. */
export function CalledTool({ part }: { readonly part: ToolPart }): ReactElement {
  const { input, inputText } = part;
  const fields = isObject(input)
    ? Object.entries(input).map(([name, value]) => ({ name, text: pretty(value) }))
    : [];
  const json = fields.length === 0 ? pretty(input ?? inputText) : '';
  const isEmpty = json === '' || json === '{}';
  return (
    <div className="called-tool" role="group" aria-label={strings.approvalTool(part.tool)}>
      <h3>{part.tool}</h3>
      <RequestView request={{ name: part.tool, fields, ...(!isEmpty && { json }) }} />
    </div>
  );
}
