import { createQueue } from '../kit/index.ts';
import type { EventQueue, SpokenLine, StartLine } from '../kit/index.ts';
import type { BackPressure } from '../process/index.ts';

/** The lines of one turn, as the adapter's generator sees them. */
export interface LineTalk {
  /** The lines of the process, ended by its `end`, its `error`, or its loss. */
  readonly lines: AsyncIterable<SpokenLine>;
  /** Says that the adapter took a line. */
  took(): void;
  /** Tells the process that a call stands in the log. */
  taken(call: string): void;
  /** Ends the talk early. Lines that come later are dropped. */
  leave(): void;
}

/** The same, as its worker sees it. */
export interface WorkerTalk extends LineTalk {
  hear(line: SpokenLine): void;
  /** Ends the talk, because its process is lost. */
  lose(error: unknown): void;
}

export interface LineTalkOptions {
  /** The name of the turn on its lines. */
  readonly name: string;
  readonly start: StartLine;
  readonly signal: AbortSignal;
  readonly write: (line: object) => void;
  readonly pressure: BackPressure;
  readonly cancelMs: number;
  /** Called once. `stuck`: the process did not end the turn in time after its cancel. */
  readonly onOver: (how: 'ended' | 'stuck' | 'lost') => void;
}

/** Starts a turn in a process. When the signal aborts, it sends `cancel`, and the process has `cancelMs` to end the turn. */
export function createLineTalk(options: LineTalkOptions): WorkerTalk {
  const { name: turn, start, signal, write, pressure, cancelMs, onOver } = options;
  const queue: EventQueue<SpokenLine> = createQueue();
  const life: { isOver: boolean; isLeft: boolean; timer?: ReturnType<typeof setTimeout> } = {
    isOver: false,
    isLeft: false,
  };
  const end = (how: 'ended' | 'stuck' | 'lost'): void => {
    if (life.isOver) return;
    life.isOver = true;
    clearTimeout(life.timer);
    signal.removeEventListener('abort', cancel);
    onOver(how);
  };
  const cancel = (): void => {
    if (life.isOver || life.timer !== undefined) return;
    write({ type: 'cancel', turn });
    life.timer = setTimeout(() => {
      queue.end();
      end('stuck');
    }, cancelMs);
  };
  write({ ...start, turn });
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  return {
    lines: queue,
    hear(line) {
      if (life.isOver) return;
      if (!life.isLeft) {
        pressure.came(1);
        queue.push(line);
      }
      if (line.type !== 'end' && line.type !== 'error') return;
      queue.end();
      end('ended');
    },
    took: () => pressure.went(1),
    taken: (call) => {
      if (!life.isOver && !signal.aborted) write({ type: 'taken', turn, call });
    },
    leave() {
      if (life.isLeft) return;
      life.isLeft = true;
      pressure.went(queue.size);
      cancel();
    },
    lose(error) {
      queue.fail(error);
      end('lost');
    },
  };
}
