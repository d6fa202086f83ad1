import { createFailure, fieldsOf, listOf, textOf, toUsage } from '../../kit/index.ts';
import type { Fields } from '../../kit/index.ts';
import { failed } from '../heard.ts';
import type { Heard } from '../heard.ts';
import type { Asked, Hearer } from '../remote-format.ts';
import { createAguiCalls } from './agui-calls.ts';
import { applyPatch } from './apply-patch.ts';

/** The name of the approval for an interrupt that comes as a custom event, which has no name of its own. */
const legacyInterrupt = 'on_interrupt';

export function isLegacyInterrupt(name: string): boolean {
  return name === legacyInterrupt;
}

/** Listens to the events of AG-UI. */
export function listenToAgui({ start }: Asked): Hearer {
  const calls = createAguiCalls();
  const paths = new Map<string, readonly string[]>();
  let kept: Fields = fieldsOf(start.snapshot);
  let message = 'message';
  let legacy: { readonly reason: unknown } | undefined;

  const byOf = (event: Fields): { readonly agent?: readonly string[] } => {
    const agent = paths.get(textOf(event['subagentRunId']));
    return agent ? { agent } : {};
  };

  const startInner = ({ subagentRunId: id, parentSubagentRunId: parent, name }: Fields): readonly Heard[] => {
    const path = [...(paths.get(textOf(parent)) ?? []), toName(name) || 'agent'];
    paths.set(textOf(id), path.slice(0, 16));
    return [];
  };

  const say = (type: 'content' | 'reasoning', event: Fields): readonly Heard[] => {
    const data = textOf(event['delta']);
    message = toName(event['messageId']) || message;
    return data === '' ? [] : [{ type, data, part: message, ...byOf(event) }];
  };

  const endPart = (type: 'content' | 'reasoning', event: Fields): readonly Heard[] => [
    { type: `${type}_end`, part: toName(event['messageId']) || message, ...byOf(event) },
  ];

  const keep = (facts: Fields): Heard => {
    kept = { ...kept, ...facts };
    return { type: 'save', snapshot: kept };
  };

  const finish = (event: Fields): readonly Heard[] => {
    const usage = listOf(event['usage']).map(fieldsOf).flatMap(toUsageEvent);
    const { type, interrupts } = fieldsOf(event['outcome']);
    const asked = type === 'interrupt' ? listOf(interrupts).map(fieldsOf) : [];
    const approvals = asked.map((interrupt): Heard => {
      const { id, toolCallId: call, ...reason } = interrupt;
      const named = typeof call === 'string' && { call: calls.nameOf(call) };
      return { type: 'approval_request', approval: textOf(id), reason, ...named };
    });
    const old: readonly Heard[] =
      legacy && approvals.length === 0
        ? [{ type: 'approval_request', approval: legacyInterrupt, reason: legacy.reason }]
        : [];
    return [...calls.complete(), ...usage, ...approvals, ...old, keep({}), { type: 'end' }];
  };

  const hear = (event: Fields): readonly Heard[] => {
    const by = byOf(event);
    switch (event['type']) {
      case 'TEXT_MESSAGE_START':
        message = toName(event['messageId']) || message;
        return [];
      case 'TEXT_MESSAGE_CONTENT':
      case 'TEXT_MESSAGE_CHUNK':
        return say('content', event);
      case 'TEXT_MESSAGE_END':
        return endPart('content', event);
      case 'REASONING_MESSAGE_CONTENT':
      case 'REASONING_MESSAGE_CHUNK':
      case 'THINKING_TEXT_MESSAGE_CONTENT':
        return say('reasoning', event);
      case 'REASONING_MESSAGE_END':
      case 'THINKING_TEXT_MESSAGE_END':
        return endPart('reasoning', event);
      case 'TOOL_CALL_START':
      case 'TOOL_CALL_CHUNK':
        return calls.start(event, by);
      case 'TOOL_CALL_ARGS':
        return calls.addInput(event, by);
      case 'TOOL_CALL_END':
        return calls.end(event);
      case 'TOOL_CALL_RESULT':
        return calls.result(event);
      case 'STEP_STARTED':
        return [{ type: 'step_start', ...by }];
      case 'STEP_FINISHED':
        return [{ type: 'step_end', ...by }];
      case 'SUBAGENT_STARTED':
        return startInner(event);
      case 'STATE_SNAPSHOT':
        return [
          { type: 'custom', name: 'state_snapshot', data: event['snapshot'], ...by },
          keep({ state: event['snapshot'] }),
        ];
      case 'STATE_DELTA':
        return [
          { type: 'custom', name: 'state_delta', data: event['delta'], ...by },
          keep({ state: applyPatch(kept['state'], listOf(event['delta'])) }),
        ];
      case 'MESSAGES_SNAPSHOT':
        // A server with a memory knows its messages by its own ids, and would take others for new ones.
        return [keep({ messages: event['messages'] })];
      case 'CUSTOM':
        if (event['name'] !== legacyInterrupt)
          return [{ type: 'custom', name: toName(event['name']), data: event['value'], ...by }];
        legacy = { reason: parseText(event['value']) };
        return [];
      case 'RUN_FINISHED':
        return finish(event);
      case 'RUN_ERROR':
        return [toRunError(event)];
      default:
        return [];
    }
  };

  return {
    hear: ({ json, text }) =>
      json === undefined && text.trim() !== ''
        ? [failed('The upstream sent something that is no JSON.')]
        : hear(fieldsOf(json)),
    end: () => [],
  };
}

function toName(value: unknown): string {
  return textOf(value).slice(0, 200);
}

function toUsageEvent({ inputTokens, outputTokens, totalTokens }: Fields): readonly Heard[] {
  const usage = toUsage({ input: inputTokens, output: outputTokens, total: totalTokens });
  return usage ? [{ type: 'usage', usage }] : [];
}

function toRunError({ message, code }: Fields): Heard {
  const words = new Error(`${textOf(code)} ${textOf(message)}`.trim());
  return { type: 'failed', error: createFailure('upstream_failed', words) };
}

/** LangGraph sends the value of an interrupt as JSON text. */
function parseText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
