import { checkNumber } from '../../protocol/internal.ts';
import type { Dialect } from '../dialect.ts';
import type { DialectRequest, DialectRoute } from '../dialect-route.ts';
import type { CancelIntent, Intent } from '../intent.ts';
import type { AiSdkVersion } from './chunk.ts';
import { fromAssistantId } from './chunker.ts';
import { toOptional } from './decode-message.ts';
import { decodePost } from './decode-post.ts';
import { decodeResume } from './decode-read.ts';
import { project } from './project.ts';
import { toRunName, toVersion } from './run-name.ts';
import { toUiMessages } from './to-ui-messages.ts';

export interface AiSdkOptions {
  /**
   * The version of the package `ai` in the pages. A page of another version sends the header
   * `heddle-ai-sdk: 5`, `6` or `7`, because its requests do not say it.
   * @default 6
   */
  readonly version?: AiSdkVersion;
  /** @default '/ai' */
  readonly path?: string;
}

const versionHeader = 'heddle-ai-sdk';

/**
 * Creates the dialect of `useChat` and the other clients of the AI SDK (package `ai`, versions 5, 6 and 7).
 * A page needs only `api: '/ai'`. Throws a TypeError for other versions, and for a path that does not begin
 * with a slash.
 */
export function aiSdk({ version: standard = 6, path = '/ai' }: AiSdkOptions = {}): Dialect {
  checkNumber('version', standard, { least: 5, most: 7, whole: true });
  if (!/^(\/[^/:?#]+)+$/.test(path)) throw new TypeError(`path: '${path}' is not a path such as '/ai'.`);
  const read = ({ header }: DialectRequest): AiSdkVersion => toVersion(header(versionHeader)) ?? standard;
  const post = (request: DialectRequest): Intent => decodePost(request, read(request));
  const resume = (request: DialectRequest): Intent => decodeResume(request, read(request));
  const load = (request: DialectRequest): Intent => ({
    type: 'read',
    thread: { type: 'named', name: request.params['thread'] ?? '' },
    show: { as: 'now', reply: ({ state }) => ({ body: toUiMessages(state, read(request)) }) },
    none: { body: [] },
  });
  // The SDK shows the body as the error's message.
  const refuse: DialectRoute['refuse'] = ({ message }) => ({ body: message });

  return {
    name: 'ai-sdk',
    onCut: 'destroy',
    cors: {
      allow: [versionHeader, 'idempotency-key', 'last-event-id'],
      expose: ['x-workflow-run-id', 'heddle-session'],
    },
    headers: (exchange) => ({
      'x-vercel-ai-ui-message-stream': 'v1',
      'x-workflow-run-id': toRunName(exchange),
    }),
    open: ({ scope }) => project(scope),
    routes: [
      { method: 'POST', path, acts: true, streams: true, decode: post, refuse },
      {
        method: 'POST',
        path: `${path}/:thread`,
        acts: true,
        streams: true,
        // `WorkflowChatTransport` sets no content type.
        types: ['text/plain'],
        decode: post,
        refuse,
      },
      { method: 'GET', path: `${path}/:thread`, acts: false, decode: load, refuse },
      { method: 'GET', path: `${path}/:thread/stream`, acts: false, streams: true, decode: resume, refuse },
      {
        method: 'GET',
        path: `${path}/:thread/:run/stream`,
        acts: false,
        streams: true,
        decode: resume,
        refuse,
      },
      { method: 'POST', path: `${path}/:thread/stop`, acts: true, decode: decodeStop, refuse },
    ],
  };
}

/** A stop that names a message, of the user or the assistant, or a turn, stops nothing else. */
function decodeStop({ params, body }: DialectRequest): CancelIntent {
  const stopped = { status: 202, body: { status: 'ok' } };
  const turn = toOptional(body['turn']);
  const message = toOptional(body['message']);
  const of =
    turn !== undefined ? { turn } : message !== undefined && { message: fromAssistantId(message) ?? message };
  return {
    type: 'cancel',
    thread: { type: 'named', name: params['thread'] ?? '' },
    ...(of && { of }),
    show: { as: 'now', reply: stopped },
    none: stopped,
  };
}
