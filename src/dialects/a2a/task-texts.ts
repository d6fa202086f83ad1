import type { SessionEvent } from '../../protocol/index.ts';
import type { A2aEvent, A2aArtifact, TaskNames } from './a2a-objects.ts';

/** Returns the id of the artifact that shows a part of a turn. */
export function toArtifactId(turn: string, part: string): string {
  return `${turn}:${part}`;
}

/**
 * Creates the function that turns the text of a task into its artifacts: one for each part. A part that never
 * had text has no artifact.
 */
export function createTaskTexts(names: TaskNames): (event: SessionEvent) => readonly A2aEvent[] {
  /** The artifacts that have text, by their ids. */
  const shown = new Map<string, readonly string[] | undefined>();

  const tell = (
    artifactId: string,
    text: string,
    how: Partial<A2aEvent & { type: 'artifact' }>,
  ): A2aEvent => {
    const agent = shown.get(artifactId);
    const artifact: A2aArtifact = { artifactId, text, ...(agent && { agent }) };
    return { type: 'artifact', ...names, artifact, ...how };
  };

  const say = (id: string, text: string, agent: readonly string[] | undefined): readonly A2aEvent[] => {
    if (text === '') return [];
    const isAppended = shown.has(id);
    if (!isAppended) shown.set(id, agent);
    return [tell(id, text, isAppended ? { isAppended } : {})];
  };
  /** Takes the text of an artifact back. */
  const clear = (id: string): readonly A2aEvent[] => {
    if (!shown.has(id)) return [];
    const told = tell(id, '', {});
    shown.delete(id);
    return [told];
  };

  return (event) => {
    switch (event.type) {
      case 'content':
        return say(toArtifactId(event.turn, event.part), event.data, event.agent);
      case 'content_end': {
        const id = toArtifactId(event.turn, event.part);
        return shown.has(id) ? [tell(id, '', { isAppended: true, isLast: true })] : [];
      }
      case 'discard':
        return event.parts.flatMap((part) => clear(toArtifactId(event.turn, part)));
      case 'replace': {
        const id = toArtifactId(event.turn, event.part);
        if (event.data === '') return clear(id);
        if (!shown.has(id)) shown.set(id, event.agent);
        return [tell(id, event.data, {})];
      }
      default:
        return [];
    }
  };
}
