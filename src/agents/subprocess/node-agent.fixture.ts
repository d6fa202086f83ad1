// An agent in a process of Node, for the contract. It follows a script, and runs its tools ahead of its reader.
import { createInterface } from 'node:readline';
import type { MessageState } from '../../protocol/index.ts';
import { toText } from '../../protocol/index.ts';
import { createGate, fieldsOf, listOf, toConversation } from '../kit/index.ts';
import type { StartLine, ToolGate } from '../kit/index.ts';
import type { GivenMessage } from '../kit/oracle.fixture.ts';
import type { LoopCall, LoopTurn } from '../kit/scripted-loop.fixture.ts';
import { createDistantLoop } from '../process/distant-loop.fixture.ts';

const waitsForLog = process.env['NO_GATE'] === undefined;
const { loop, sync } = createDistantLoop();

const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const open = new Map<string, { readonly gate: ToolGate; readonly stop: AbortController }>();

createInterface({ input: process.stdin })
  .on('line', (text) => {
    const line = JSON.parse(text) as StartLine | { type: 'taken' | 'cancel'; turn: string; call: string };
    if (line.type === 'start') void answer(line);
    else if (line.type === 'taken') open.get(line.turn)?.gate.taken(line.call);
    else {
      open.get(line.turn)?.stop.abort();
      open.get(line.turn)?.gate.open();
    }
  })
  .on('close', () => process.exit());
tell({ type: 'ready', version: 1, turns: 4 });

async function answer({ turn, input, snapshot, history }: StartLine): Promise<void> {
  const gate = createGate();
  const stop = new AbortController();
  open.set(turn, { gate, stop });
  const saved = fieldsOf(snapshot);
  const messages = [
    ...(saved['messages'] === undefined
      ? fromHistory(history)
      : (listOf(saved['messages']) as GivenMessage[])),
  ];
  let resumed: LoopTurn['resumed'];
  if (input.type === 'message') messages.push({ role: 'user', text: toText(input.content) });
  else {
    const { answers } = input;
    const decide = (id: string): unknown =>
      answers.find(({ approval }) => approval === `ask:${id}`)?.decision;
    resumed = { calls: listOf(saved['calls']) as LoopCall[], decide };
  }
  try {
    const calls = await loop.run({
      messages,
      resumed,
      signal: stop.signal,
      emit: (event) => tell({ ...event, turn }),
      // The calls that waited are in the log before this turn starts.
      mayRun: async (id) =>
        !waitsForLog || resumed?.calls.some((call) => call.id === id) === true || gate.passed(id),
    });
    await sync();
    tell({ type: 'save', turn, snapshot: { messages, calls } });
    tell({ type: 'end', turn });
  } catch (error) {
    await sync();
    const isBusy = fieldsOf(error)['status'] === 429;
    const failure = isBusy && { code: 'model_throttled', message: 'The model is busy.' };
    tell({ type: 'error', turn, message: String(error), ...failure, detail: String(error) });
  }
  open.delete(turn);
}

function fromHistory(history: readonly MessageState[]): GivenMessage[] {
  return toConversation(history).flatMap((message): GivenMessage[] =>
    message.role === 'user'
      ? [{ role: 'user', text: toText(message.content) }]
      : [
          ...(message.texts.length > 0 ? [{ role: 'assistant' as const, text: message.texts.join('') }] : []),
          ...message.calls.map(({ output }) => ({ role: 'tool' as const, text: String(output) })),
        ],
  );
}
