import { PassThrough, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { frame, idOf, turnOf } from '../../client/scripted-log.fixture.ts';
import { json, reset, startScript, stream } from '../../client/scripted-server.fixture.ts';
import type { Step } from '../../client/scripted-server.fixture.ts';
import { emptyState, fold } from '../../protocol/index.ts';
import type { SessionEvent } from '../../protocol/index.ts';
import { chat } from './chat.ts';

const turn = turnOf('Hel', 'lo');
const frames = (events: readonly SessionEvent[], from: number, to?: number): string =>
  events
    .slice(from, to)
    .map((event, index) => frame(from + index + 1, event))
    .join('');
const stateAt = (count: number): Step =>
  json(
    200,
    turn
      .slice(0, count)
      .reduce((state, event, index) => fold(state, { id: idOf(index + 1), event }), emptyState('s1')),
  );

/** Resumes session s1 on streams that claim to be a terminal, and leaves at the first prompt. */
async function watch(
  ...steps: readonly [Step, ...Step[]]
): Promise<{ readonly code: number; readonly shown: string }> {
  await using server = await startScript(...steps);
  const input = Object.assign(new PassThrough(), { isTTY: true });
  let shown = '';
  const output = Object.assign(
    new Writable({
      write(chunk: Buffer, _, done) {
        shown += chunk.toString();
        // Readline clears the screen before its prompt. Messages of the history begin with the same mark, so
        // the mark alone is not enough.
        if (shown.includes('\u001b[0J› ')) input.write('\u0004');
        done();
      },
    }),
    { isTTY: true },
  );
  const code = await chat(server.url, { input, output, session: 's1', env: { NO_COLOR: '1' } });
  return { code, shown };
}

describe('chat', () => {
  test('continues in mid-word after a lost connection, and prints that it reconnects', async () => {
    const { code, shown } = await watch(
      stateAt(4),
      stream(frames(turn, 4, 5)),
      reset,
      reset,
      stream(frames(turn, 5), 'hold'),
    );
    expect(shown).toContain('Hel\nreconnecting…\nlo\n');
    expect(code).toBe(0);
  });

  test('prints nothing when the first retry succeeds', async () => {
    const { shown } = await watch(stateAt(4), stream(frames(turn, 4, 5)), stream(frames(turn, 5), 'hold'));
    expect(shown).toContain('Hello\n');
  });

  test('prints that the answer starts again when an attempt is discarded', async () => {
    const inPart = { turn: 't1', part: 'p2' };
    const again: readonly SessionEvent[] = [
      ...turn.slice(0, 6),
      { type: 'discard', turn: 't1', parts: ['p1'] },
      { type: 'message_start', at: 0, turn: 't1', message: 'm1', attempt: 2 },
      { type: 'content_start', ...inPart },
      { type: 'content', ...inPart, data: 'Hello!' },
      { type: 'content_end', ...inPart },
      { type: 'message_end', turn: 't1', outcome: 'completed' },
    ];
    const { shown } = await watch(stateAt(6), stream(frames(again, 6), 'hold'));
    expect(shown).toContain('Hello\nthe answer starts again\nHello!\n');
  });

  test('reads the state again when part of the conversation is gone', async () => {
    const { shown } = await watch(
      stateAt(5),
      stream('data: {"type":"resync","reason":"beyond"}\n\n', 'hold'),
      stateAt(turn.length),
      stream('', 'hold'),
    );
    expect(shown).toContain('Hel\npart of this conversation is no longer on the server\n');
  });

  test('prints no command to paste when the session id is invalid', async () => {
    const { shown } = await watch(stateAt(turn.length), stream('', 'hold'));
    expect(shown).toContain('--session=s1');
    const state = { session: '$(reboot)', messages: [], approvals: [] };
    const hostile = await watch(json(200, state), stream('', 'hold'));
    expect(hostile.shown).not.toContain('reboot');
  });

  test('passes no control sequences of the server to the terminal', async () => {
    const evil = '\u001b]0;x\u0007\u001b[2J';
    const { shown } = await watch(json(404, { code: `not_found${evil}`, title: evil }));
    expect(shown).not.toContain('\u001b[2J');
    const failed = await watch(json(400, { detail: `No.${evil}` }));
    expect(failed).toEqual({ code: 1, shown: 'No.\n' });
  });
});
