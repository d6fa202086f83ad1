import type {
  A2aEvent,
  A2aMessage,
  A2aPart,
  A2aArtifact,
  A2aFacts,
  A2aTask,
  A2aTaskState,
} from './a2a-objects.ts';
import type { A2aVersion } from './peer.ts';

/** The objects of A2A as JSON of one version. */
export interface A2aWords {
  task(task: A2aTask): A2aFacts;
  /** Returns the result of a request that sends a message. */
  sent(task: A2aTask): A2aFacts;
  /** Returns an item of a stream. */
  event(event: A2aEvent): A2aFacts;
}

/** The points in which the versions differ. */
interface Vocabulary {
  readonly state: (state: A2aTaskState) => string;
  readonly role: (role: A2aMessage['role']) => string;
  readonly part: (part: A2aPart) => A2aFacts;
  /** Names the kind of an object that stands in another one. */
  readonly kind: (kind: string) => A2aFacts;
  /** Names the kind of an object that stands alone. */
  readonly wrap: (kind: 'task' | 'status' | 'artifact', object: A2aFacts) => A2aFacts;
  /** Returns whether no further update follows, in versions whose updates say so. */
  readonly end: (state: A2aTaskState) => A2aFacts;
}

const latest: Vocabulary = {
  state: (state) => `TASK_STATE_${state}`,
  role: (role) => `ROLE_${role}`,
  part: (part) => ('data' in part ? { data: part.data, mediaType: 'application/json' } : part),
  kind: () => ({}),
  wrap: (kind, object) => ({
    [{ task: 'task', status: 'statusUpdate', artifact: 'artifactUpdate' }[kind]]: object,
  }),
  end: () => ({}),
};

const older: Vocabulary = {
  state: (state) => state.toLowerCase().replace('_', '-'),
  role: (role) => role.toLowerCase(),
  part(part) {
    if ('text' in part) return { kind: 'text', text: part.text };
    if ('data' in part) return { kind: 'data', data: part.data };
    const { raw: bytes, mediaType: mimeType, filename: name } = part;
    return { kind: 'file', file: { bytes, mimeType, ...(name !== undefined && { name }) } };
  },
  kind: (kind) => ({ kind }),
  wrap: (kind, object) =>
    kind === 'task' ? object : { kind: kind === 'status' ? 'status-update' : 'artifact-update', ...object },
  end: (state) => ({ final: state !== 'SUBMITTED' && state !== 'WORKING' }),
};

/** Returns the words of a version. */
export function toA2aWords(version: A2aVersion): A2aWords {
  return version === '0.3' ? words03 : words1;
}

function createWords(words: Vocabulary): A2aWords {
  const toMessage = ({ role, parts, ...names }: A2aMessage): A2aFacts => ({
    ...words.kind('message'),
    ...names,
    role: words.role(role),
    parts: parts.map(words.part),
  });
  const toStatus = ({ state, message, at }: A2aTask['status']): A2aFacts => ({
    state: words.state(state),
    ...(message && { message: toMessage(message) }),
    timestamp: new Date(at).toISOString(),
  });
  const toArtifact = ({ artifactId, text, agent }: A2aArtifact): A2aFacts => ({
    artifactId,
    parts: [words.part({ text })],
    ...(agent && { metadata: { agent } }),
  });
  const toA2aTask = ({ id, contextId, status, artifacts, history, metadata }: A2aTask): A2aFacts => ({
    ...words.kind('task'),
    id,
    contextId,
    status: toStatus(status),
    ...(artifacts && { artifacts: artifacts.map(toArtifact) }),
    ...(history && { history: history.map(toMessage) }),
    ...(metadata && { metadata }),
  });
  return {
    task: toA2aTask,
    sent: (task) => words.wrap('task', toA2aTask(task)),
    event(event) {
      if (event.type === 'task') return words.wrap('task', toA2aTask(event.task));
      const { taskId, contextId } = event;
      if (event.type === 'status') {
        const { status, metadata } = event;
        return words.wrap('status', {
          taskId,
          contextId,
          status: toStatus(status),
          ...words.end(status.state),
          ...(metadata && { metadata }),
        });
      }
      const { artifact, isAppended, isLast } = event;
      return words.wrap('artifact', {
        taskId,
        contextId,
        artifact: toArtifact(artifact),
        ...(isAppended && { append: true }),
        ...(isLast && { lastChunk: true }),
      });
    },
  };
}

const words1 = createWords(latest);
const words03 = createWords(older);
