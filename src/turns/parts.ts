import type { SpokenEvent } from '../protocol/index.ts';
import { cutText, fitsEvent, splitText } from './limits.ts';
import type { UniqueNames } from './unique-names.ts';

type Kind = 'content' | 'reasoning';

/**
 * The text and reasoning of one speaker in a turn, as parts. Each part is opened before it is used, and
 * closed once.
 */
export interface Parts {
  start(kind: Kind, given?: string): readonly SpokenEvent[];
  /** Adds text to the part of that name, or to the open part. Starts a part if there is none. */
  say(kind: Kind, data: string, given?: string): readonly SpokenEvent[];
  /** Ends the part of that name, or the part that was started last. */
  end(kind: Kind, given?: string): readonly SpokenEvent[];
  endAll(): readonly SpokenEvent[];
  /** Discards the parts of these names. Without names, discards all parts of the open step. */
  discard(given?: readonly string[]): readonly SpokenEvent[];
  /** Discards all parts, without the `discard` event itself. Returns their names and the events that end them. */
  discardAll(): { readonly names: readonly string[]; readonly ended: readonly SpokenEvent[] };
  /**
   * Replaces the text of the part of that name, or of the last part of the step. Throws a TypeError if there
   * is no such part, or if the name stands for two.
   */
  replace(data: string, given?: string): readonly SpokenEvent[];
  /** Begins a step. Earlier parts do not belong to it. */
  startStep(): void;
}

export interface PartsOptions {
  /** The fields of each event: the turn, and the speaker if it is an inner agent. */
  readonly by: { readonly turn: string; readonly agent?: readonly string[] };
  /** Makes the log's name of a part from the agent's name. */
  readonly nameFor: (given: string | undefined) => ReturnType<UniqueNames>;
}

interface Part {
  /** The part's name in the log. */
  readonly part: string;
  readonly kind: Kind;
  readonly given: string | undefined;
  isOpen: boolean;
  isDiscarded: boolean;
}

/**
 * Starts the parts of a speaker. Text and reasoning of the same name are two parts. A name that comes again
 * after its part ended is another part.
 */
export function createParts({ by, nameFor }: PartsOptions): Parts {
  /** All parts, oldest first. The parts of the open step begin at `stepFrom`. */
  const parts: Part[] = [];
  let stepFrom = 0;
  let current: Part | undefined;

  const { turn, agent } = by;
  const toDelta = (type: Kind, part: string, data: string): SpokenEvent =>
    agent === undefined ? { type, part, data, turn } : { type, part, data, turn, agent };

  const find = (kind: Kind, given: string): Part | undefined =>
    parts.findLast((part) => part.kind === kind && part.given === given && !part.isDiscarded);

  const endPart = (part: Part | undefined): readonly SpokenEvent[] => {
    if (part?.isOpen !== true) return [];
    part.isOpen = false;
    if (current === part) current = undefined;
    return [{ type: `${part.kind}_end`, part: part.part, ...by }];
  };

  const start = (kind: Kind, given?: string): readonly SpokenEvent[] => {
    // Parts with names may be open side by side. A part without a name ends the current one.
    const ended = endPart(given === undefined ? current : find(kind, given));
    const part = { part: nameFor(given), kind, given, isOpen: true, isDiscarded: false };
    parts.push(part);
    current = part;
    return [...ended, { type: `${kind}_start`, part: part.part, ...by }];
  };

  const findOpen = (kind: Kind, given: string | undefined): Part | undefined => {
    const part = given === undefined ? current : find(kind, given);
    return part?.isOpen === true && part.kind === kind ? part : undefined;
  };

  const discard = (found: readonly Part[]): ReturnType<Parts['discardAll']> => {
    const ended = found.flatMap(endPart);
    for (const part of found) part.isDiscarded = true;
    return { names: found.map(({ part }) => part), ended };
  };

  return {
    start,
    say(kind, data, given) {
      if (data === '') return [];
      const open = findOpen(kind, given);
      // Nearly every event is more text of an open part.
      if (open !== undefined && fitsEvent(data)) return [toDelta(kind, open.part, data)];
      const started = open === undefined ? start(kind, given) : [];
      const { part } = open ?? parts.at(-1) ?? { part: '' };
      return [...started, ...splitText(data).map((piece) => toDelta(kind, part, piece))];
    },
    end: (kind, given) => endPart(given === undefined ? current : find(kind, given)),
    endAll: () => parts.flatMap(endPart),
    discard(given) {
      const found =
        given === undefined
          ? parts.slice(stepFrom).filter(({ isDiscarded }) => !isDiscarded)
          : given.flatMap((name) => [find('content', name) ?? [], find('reasoning', name) ?? []].flat());
      const { names, ended } = discard(found);
      return names.length === 0 ? [] : [...ended, { type: 'discard', parts: names, ...by }];
    },
    discardAll: () => discard(parts.filter(({ isDiscarded }) => !isDiscarded)),
    replace(data, given) {
      const named =
        given === undefined ? [] : [find('content', given) ?? [], find('reasoning', given) ?? []].flat();
      if (named.length > 1)
        throw new TypeError(`The agent yielded replace for "${given}", and that is a text and a reasoning.`);
      const last = parts.slice(stepFrom).findLast(({ isDiscarded }) => !isDiscarded);
      const part = given === undefined ? last : named[0];
      if (part === undefined)
        throw new TypeError('The agent yielded replace, and there is no part to replace.');
      return [{ type: 'replace', part: part.part, data: cutText(data), ...by }];
    },
    startStep() {
      stepFrom = parts.length;
    },
  };
}
