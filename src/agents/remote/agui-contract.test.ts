import { gateCheck } from '../kit/contract-tools.fixture.ts';
import { testContract } from '../kit/contract.fixture.ts';
import { fieldsOf, listOf, textOf } from '../kit/index.ts';
import type { GivenMessage } from '../kit/oracle.fixture.ts';
import type { LoopCall, LoopTurn } from '../kit/scripted-loop.fixture.ts';
import { createRemoteOracle } from './remote-oracle.fixture.ts';
import type { LoopEvent, ServedTurn } from './remote-oracle.fixture.ts';

/** The threads that wait, in place of the database of an AG-UI server. */
const waiting = new Map<string, { readonly messages: GivenMessage[]; readonly calls: readonly LoopCall[] }>();

/** Answers as an AG-UI server does, whose clients have the conversation. */
async function serveAgui({ body, response, run }: ServedTurn): Promise<void> {
  const { threadId, runId, messages, resume } = fieldsOf(body);
  const thread = textOf(threadId);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const write = (event: object): void => void response.write(`data: ${JSON.stringify(event)}\n\n`);
  write({ type: 'RUN_STARTED', threadId, runId });
  const usage: object[] = [];
  const emit = (event: LoopEvent): void => {
    if (event.type === 'usage') {
      const { input_tokens: inputTokens, output_tokens: outputTokens } = event.usage;
      usage.push({ inputTokens, outputTokens });
    } else toFrames(event).forEach(write);
  };
  try {
    const turn = toTurn(thread, listOf(messages), listOf(resume));
    const calls = await run({ ...turn, emit });
    waiting.set(thread, { messages: turn.messages, calls });
    const interrupts = calls.map(({ id, tool }) => ({
      id: `ask:${id}`,
      reason: 'tool_call',
      message: tool === 'pay' ? 'Pay 5?' : tool,
      toolCallId: id,
    }));
    const outcome = calls.length > 0 ? { type: 'interrupt', interrupts } : { type: 'success' };
    write({ type: 'RUN_FINISHED', threadId, runId, outcome, usage });
  } catch (error) {
    write({ type: 'RUN_ERROR', message: String(error), code: 'busy' });
  }
}

function toTurn(
  thread: string,
  messages: readonly unknown[],
  resume: readonly unknown[],
): Pick<LoopTurn, 'messages' | 'resumed'> {
  if (resume.length === 0) return { messages: messages.flatMap(toGiven) };
  const known = waiting.get(thread) ?? { messages: [], calls: [] };
  const answers = resume.map(fieldsOf);
  const decide = (id: string): unknown =>
    answers.find(({ interruptId }) => interruptId === `ask:${id}`)?.['payload'];
  return { messages: [...known.messages], resumed: { calls: known.calls, decide } };
}

function toGiven(message: unknown): readonly GivenMessage[] {
  const { role, content } = fieldsOf(message);
  if (role !== 'user' && role !== 'assistant' && role !== 'tool') return [];
  return content === undefined ? [] : [{ role, text: textOf(content) }];
}

function toFrames(event: LoopEvent): readonly object[] {
  switch (event.type) {
    case 'step_start':
      return [{ type: 'STEP_STARTED', stepName: 'model' }];
    case 'step_end':
      return [{ type: 'STEP_FINISHED', stepName: 'model' }];
    case 'content':
      return [{ type: 'TEXT_MESSAGE_CHUNK', delta: event.data }];
    case 'reasoning':
      return [{ type: 'REASONING_MESSAGE_CONTENT', messageId: 'r1', delta: event.data }];
    case 'tool_use':
      return [
        { type: 'TOOL_CALL_START', toolCallId: event.call, toolCallName: event.tool },
        { type: 'TOOL_CALL_ARGS', toolCallId: event.call, delta: JSON.stringify(event.input) },
        { type: 'TOOL_CALL_END', toolCallId: event.call },
      ];
    case 'tool_result':
      return [{ type: 'TOOL_CALL_RESULT', toolCallId: event.call, content: event.output, messageId: 'm1' }];
    default:
      return [];
  }
}

testContract(
  createRemoteOracle({ format: 'agui' }, serveAgui, {
    busy: 'upstream_failed',
    cannot: {
      [gateCheck.name]: 'A tool over there runs before its call is here.',
      'a tool is told with its input, progress and result': 'AG-UI has no progress.',
      'a tool that fails ends its call with an error, and the turn goes on': 'AG-UI results have no status.',
      'an answer that is tried again leaves one text': 'AG-UI takes no text back.',
      'a cancel in a tool ends the call and the turn': 'AG-UI has no progress, for which the check waits.',
    },
  }),
);
