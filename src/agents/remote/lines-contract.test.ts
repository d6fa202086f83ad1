import { toText } from '../../protocol/index.ts';
import { gateCheck } from '../kit/contract-tools.fixture.ts';
import { testContract } from '../kit/contract.fixture.ts';
import { fieldsOf, listOf, textOf, toConversation } from '../kit/index.ts';
import type { StartLine } from '../kit/index.ts';
import type { GivenMessage } from '../kit/oracle.fixture.ts';
import type { LoopCall, LoopTurn } from '../kit/scripted-loop.fixture.ts';
import { createRemoteOracle } from './remote-oracle.fixture.ts';
import type { ServedTurn } from './remote-oracle.fixture.ts';

/** Answers as an agent that speaks Heddle's lines. Its memory is the snapshot, or else the history. */
async function serveLines({ body, response, run }: ServedTurn): Promise<void> {
  const start = body as StartLine;
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const write = (line: unknown): void => void response.write(`${JSON.stringify(line)}\n`);
  const { messages, resumed } = toTurn(start);
  try {
    const calls = await run({ messages, resumed, emit: write });
    write({ type: 'save', snapshot: { messages, calls } });
    write({ type: 'end' });
  } catch (error) {
    const busy = fieldsOf(error)['status'] === 429 && { code: 'model_throttled', message: 'Busy.' };
    write({ type: 'error', message: String(error), ...busy, detail: String(error) });
  }
}

function toTurn({ input, history, snapshot }: StartLine): Pick<LoopTurn, 'messages' | 'resumed'> {
  const { messages, calls } = fieldsOf(snapshot);
  const before =
    snapshot === undefined
      ? toConversation(history).flatMap((message): GivenMessage[] =>
          message.role === 'user'
            ? [{ role: 'user', text: toText(message.content) }]
            : [
                ...message.texts.map((text) => ({ role: 'assistant' as const, text })),
                ...message.calls.map(({ output }) => ({ role: 'tool' as const, text: textOf(output) })),
              ],
        )
      : (listOf(messages) as GivenMessage[]);
  if (input.type === 'message')
    return { messages: [...before, { role: 'user', text: toText(input.content) }] };
  const decide = (id: string): unknown =>
    input.answers.find(({ approval }) => approval === `ask:${id}`)?.decision;
  return { messages: [...before], resumed: { calls: listOf(calls) as LoopCall[], decide } };
}

testContract(
  createRemoteOracle({ format: 'lines' }, serveLines, {
    busy: 'model_throttled',
    cannot: { [gateCheck.name]: 'A tool over there runs before its call is here.' },
  }),
);
