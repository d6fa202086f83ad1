import { createFailure, fieldsOf, listOf, textOf } from '../../kit/index.ts';
import type { Fields } from '../../kit/index.ts';
import { failed } from '../heard.ts';
import type { Heard } from '../heard.ts';
import type { Asked, Hearer } from '../remote-format.ts';
import { toContentText } from './content-text.ts';

/** Listens to the JSON-RPC results of an A2A server, of version 1.0 or 0.3. */
export function listenToA2a({ start }: Asked): Hearer {
  const before = fieldsOf(start.snapshot);
  /** The artifacts that were said, by id. */
  const said = new Set<string>();
  let memory: Fields = {};

  const keep = (facts: Fields): readonly Heard[] => {
    memory = { ...memory, ...facts };
    return [{ type: 'save', snapshot: memory }];
  };

  const hearArtifact = (artifact: Fields, isAppended: boolean): readonly Heard[] => {
    const part = textOf(artifact['artifactId']).slice(0, 200) || 'artifact';
    const data = toContentText(artifact['parts']);
    const isReplaced = said.has(part) && !isAppended;
    // An artifact that comes again without text is withdrawn.
    if (data === '' && !isReplaced) return [];
    said.add(part);
    return [{ type: isReplaced ? 'replace' : 'content', data, part }];
  };

  const hearStatus = (status: Fields, mayAsk: boolean): readonly Heard[] => {
    const state = toState(status['state']);
    const words = toContentText(fieldsOf(status['message'])['parts']);
    switch (state) {
      case 'completed':
        return [...(said.size === 0 ? toText('content', words) : []), { type: 'end' }];
      case 'input-required':
      case 'auth-required': {
        if (!mayAsk) return [];
        const approval = textOf(memory['task']) || 'task';
        const reason = { kind: state, message: words };
        const question = textOf(fieldsOf(status['message'])['messageId']);
        return [...keep({ question }), { type: 'approval_request', approval, reason }, { type: 'end' }];
      }
      case 'failed':
      case 'canceled':
      case 'unknown':
        return [failed(`The task ended as ${state}. ${words}`.trim())];
      case 'rejected':
        return [{ type: 'failed', error: createFailure('upstream_refused', new Error(words)) }];
      default:
        return toText('reasoning', words);
    }
  };

  const hearResult = (result: Fields): readonly Heard[] => {
    const isOlder = typeof result['kind'] === 'string';
    const [kind, value] = isOlder ? [textOf(result['kind']), result] : toNewKind(result);
    const { contextId: context, taskId, id } = value;
    const task = textOf(kind === 'task' ? id : taskId);
    const kept = keep({ isOlder, ...(textOf(context) !== '' && { context }), ...(task !== '' && { task }) });
    const { status } = value;
    switch (kind) {
      case 'artifact-update':
        return [...kept, ...hearArtifact(fieldsOf(value['artifact']), value['append'] === true)];
      case 'status-update':
        return [...kept, ...hearStatus(fieldsOf(status), true)];
      case 'task': {
        // The task as it stands, which may be from before the answer: then its question is the old one.
        const { messageId } = fieldsOf(fieldsOf(status)['message']);
        const isBefore = task === before['task'] && textOf(messageId) === before['question'];
        const isOver = toState(fieldsOf(status)['state']) === 'completed';
        const artifacts = isOver ? listOf(value['artifacts']).map(fieldsOf) : [];
        const unsaid = artifacts.filter(({ artifactId }) => !said.has(textOf(artifactId)));
        const told = unsaid.flatMap((artifact) => hearArtifact(artifact, false));
        return [...kept, ...told, ...hearStatus(fieldsOf(status), !isBefore)];
      }
      case 'message':
        return [...kept, ...toText('content', toContentText(value['parts'])), { type: 'end' }];
      default:
        return [];
    }
  };

  return {
    hear({ json, text }) {
      const { error, result } = fieldsOf(json);
      if (error !== undefined) {
        const { code, message } = fieldsOf(error);
        const words = textOf(message) || 'JSON-RPC error';
        return [isUnknownMethod(code, words) ? { type: 'unknown_method' } : failed(words)];
      }
      if (json === undefined && text.trim() !== '')
        return [failed('The upstream sent something that is no JSON.')];
      return hearResult(fieldsOf(result));
    },
    end: () => [],
  };
}

/** Whether an error is about the method or its version, so that the server has done nothing. */
function isUnknownMethod(code: unknown, words: string): boolean {
  // The code of streams that are not supported also comes after an agent has run. Only the words differ.
  const hasNoStreams = code === -32_004 && /\bstreaming\b/i.test(words);
  return code === -32_601 || code === -32_009 || hasNoStreams;
}

/** In version 1.0 the name of the field says what the result is. */
function toNewKind(result: Fields): readonly [string, Fields] {
  const names = {
    artifactUpdate: 'artifact-update',
    statusUpdate: 'status-update',
    task: 'task',
    message: 'message',
  };
  const found = Object.entries(names).find(([field]) => result[field] !== undefined);
  return found ? [found[1], fieldsOf(result[found[0]])] : ['', {}];
}

/** `TASK_STATE_INPUT_REQUIRED` of version 1.0 is `input-required` in 0.3. */
function toState(state: unknown): string {
  return textOf(state)
    .replace(/^TASK_STATE_/, '')
    .toLowerCase()
    .replaceAll('_', '-');
}

function toText(type: 'content' | 'reasoning', data: string): readonly Heard[] {
  return data === '' ? [] : [{ type, data }];
}
