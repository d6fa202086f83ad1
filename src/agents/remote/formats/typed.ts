import { AgentError } from '../../../protocol/index.ts';
import { createFailure, fieldsOf, textOf, toSpokenLine } from '../../kit/index.ts';
import type { Fields } from '../../kit/index.ts';
import { failed } from '../heard.ts';
import type { Heard } from '../heard.ts';
import type { Hearer } from '../remote-format.ts';
import { createLooseCalls, firstText } from './loose-calls.ts';
import { findFault } from './spoken-event.ts';

/** Listens to Heddle's own events, as lines or as the JSON of server-sent events. */
export function listenToTyped(): Hearer {
  const calls = createLooseCalls();

  const hear = (json: unknown): readonly Heard[] => {
    const { type, call, ...fields } = fieldsOf(json);
    // Servers that have only these two events often name their fields in other ways.
    if (type === 'tool_use' && call === undefined) return calls.use(fields);
    if (type === 'content' && fields['data'] === undefined)
      return [...calls.complete(), { type, data: firstText(fields, ['content', 'text']) }];
    const line = toSpokenLine(json);
    if (line === undefined) return hearOther({ type, ...fields });
    if (line.type === 'error') return [toFailed(line)];
    if (line.type !== 'event') return [line];
    const fault = findFault(line.event);
    return [...calls.complete(), fault === undefined ? line.event : failed(fault)];
  };

  return {
    hear({ json, text }) {
      if (json === undefined)
        return text.trim() === '' ? [] : [failed('The upstream sent something that is no JSON.')];
      const heard = hear(json);
      const isEnd = heard.some((each) => typeof each !== 'string' && each.type === 'end');
      return isEnd ? [...calls.close(), ...heard] : heard;
    },
    end: (isFramed) => (isFramed ? [...calls.close(), { type: 'end' }] : []),
  };
}

/** The dialect `typed` of another Heddle ends with `message_end`. Events of unknown types are left out. */
function hearOther({ type, outcome, error, usage, reason }: Fields): readonly Heard[] {
  // Many servers end a stream that failed with such a frame, whatever came before.
  if (type === undefined && error != null)
    return [failed(textOf(error) || textOf(fieldsOf(error)['message']) || 'The upstream sent an error.')];
  if (type !== 'message_end') return [];
  const told: Heard[] = [];
  if (usage !== undefined) told.push({ type: 'usage', usage: fieldsOf(usage) });
  if (typeof reason === 'string') told.push({ type: 'stop', reason: reason.slice(0, 200) });
  if (error !== undefined) return [...told, toFailed(fieldsOf(error))];
  if (outcome === 'failed' || outcome === 'cancelled')
    return [...told, failed(`The upstream ended its turn as ${outcome}.`)];
  return [...told, { type: 'end' }];
}

/**
 * Returns what an error in the stream says. If it has a code, its code and message are public. Otherwise its
 * words go to `onError` only.
 */
export function toFailed(error: object): Heard {
  const { code, message, detail } = fieldsOf(error);
  const words = textOf(message) || firstText(error, ['error', 'data', 'content']);
  if (typeof code !== 'string' || !/^[a-z][a-z0-9_]{0,99}$/.test(code))
    return failed(words || 'The upstream sent an error.');
  const cause = detail === undefined ? undefined : { cause: detail };
  return {
    type: 'failed',
    error: new AgentError(code, words || createFailure('upstream_failed').message, cause),
  };
}
