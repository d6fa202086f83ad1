import { fieldsOf } from '../../kit/index.ts';
import type { Fields } from '../../kit/index.ts';
import { failed } from '../heard.ts';
import type { Heard } from '../heard.ts';
import type { Hearer } from '../remote-format.ts';
import { createLooseCalls, firstText } from './loose-calls.ts';
import { findFault } from './spoken-event.ts';
import { toFailed } from './typed.ts';

/** Listens to named server-sent events: `content`, `reasoning`, `tool_use`, `error`, `end`. */
export function listenToNamed(): Hearer {
  const calls = createLooseCalls();

  const hear = (event: string, fields: Fields): readonly Heard[] => {
    switch (event) {
      case 'content':
      case 'reasoning':
        return [
          ...calls.complete(),
          { type: event, data: firstText(fields, ['content', event, 'data', 'text']) },
        ];
      case 'tool_use':
        return calls.use(fields);
      case 'tool_result':
        return calls.result(fields);
      case 'approval': {
        const { approval_id: approval, reason, call } = fields;
        const named = typeof call === 'string' && { call };
        const request = { type: 'approval_request', approval: String(approval), reason, ...named } as const;
        const fault = findFault(request);
        return [...calls.complete(), fault === undefined ? request : failed(fault)];
      }
      case 'error':
        return [toFailed(fields)];
      case 'end':
        return [...calls.close(), { type: 'end' }];
      case 'message':
        return fields['error'] != null ? [toFailed(fields)] : [];
      default:
        return [];
    }
  };

  return {
    hear: ({ event, json, text }) =>
      event === 'content' && json === undefined
        ? [failed(`The upstream sent ${text.length} characters as "content" that are no JSON.`)]
        : hear(event, typeof json === 'string' ? { data: json } : fieldsOf(json)),
    end: (isFramed) => (isFramed ? [...calls.close(), { type: 'end' }] : []),
  };
}
