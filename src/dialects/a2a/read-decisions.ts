import { isRecord } from '../../protocol/internal.ts';
import type { AnswerIntent } from '../intent.ts';
import { A2aProblem } from './a2a-problem.ts';
import type { PeerPart } from './read-message.ts';
import { toInvalidParam } from './read-params.ts';

type Decisions = AnswerIntent['decisions'];

/**
 * Reads the answers of a message to the task that asked: data parts `{ approval, decision }`. A message
 * without them answers all that the task asks for, by its text or by other data.
 */
export function readPeerDecisions(parts: readonly PeerPart[]): Decisions {
  const named = readNamedDecisions(parts);
  if (named.length > 0) return named;
  if (parts.some(({ type }) => type !== 'text' && type !== 'data'))
    throw new A2aProblem('CONTENT_TYPE_NOT_SUPPORTED', 'An answer to a task is a text or data, and no file.');
  const data = parts.find((part) => part.type === 'data');
  if (data !== undefined) return [{ decision: toDecision(data.data) }];
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  if (text.trim() === '') throw toInvalidParam('message.parts', 'must have an answer');
  return [{ decision: fromText(text) }];
}

/** Reads the data parts that answer approvals by their names. */
export function readNamedDecisions(parts: readonly PeerPart[]): Decisions {
  return parts.flatMap((part) => {
    if (part.type !== 'data' || !isRecord(part.data)) return [];
    const { approval, decision, ...others } = part.data;
    if (typeof approval !== 'string' || decision === undefined || Object.keys(others).length > 0) return [];
    return [{ approval, decision: toDecision(decision) }];
  });
}

/** `{ approved }` alone is its boolean. Anything else is the decision as it is. */
function toDecision(value: unknown): unknown {
  const approved = isRecord(value) && Object.keys(value).length === 1 ? value['approved'] : undefined;
  return typeof approved === 'boolean' ? approved : (value ?? null);
}

/** `yes`, `no` and `no: <reason>` decide. Any other text is the decision itself. */
function fromText(text: string): unknown {
  const [, word, reason] = /^(yes|no)\b[.!]?(?::\s*(.+))?$/isu.exec(text.trim()) ?? [];
  if (word === undefined) return text;
  if (reason === undefined) return word.toLowerCase() === 'yes';
  return word.toLowerCase() === 'yes' ? text : { approved: false, reason };
}
