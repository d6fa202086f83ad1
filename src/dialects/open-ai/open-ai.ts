import type { Dialect } from '../dialect.ts';
import type { DialectRoute } from '../dialect-route.ts';
import { decodeChat, threadHeader } from './chat/decode-chat.ts';
import { projectChat } from './chat/project.ts';
import { findModel, listModels } from './models.ts';
import { decodeCancel, decodeRetrieve } from './responses/decode-response.ts';
import { decodeCreate, responsesVariant } from './responses/decode-create.ts';
import { projectResponse } from './responses/project.ts';
import { toOpenAiRefusal } from './to-open-ai-error.ts';

export interface OpenAiOptions {
  /** The name of the agent in the list of models. Requests may name any model. @default 'heddle' */
  readonly model?: string;
  /** The path of the routes: the end of a client's base URL. @default '/v1' */
  readonly path?: string;
}

/** Headers that OpenAI's packages send from a page, and `heddle-thread`. */
const sentHeaders: readonly string[] = [
  threadHeader,
  'idempotency-key',
  'openai-beta',
  'openai-organization',
  'openai-project',
  'x-stainless-arch',
  'x-stainless-custom-poll-interval',
  'x-stainless-helper-method',
  'x-stainless-lang',
  'x-stainless-os',
  'x-stainless-package-version',
  'x-stainless-poll-helper',
  'x-stainless-retry-count',
  'x-stainless-runtime',
  'x-stainless-runtime-version',
  'x-stainless-timeout',
];

/**
 * Creates the dialect of programs that take an OpenAI base URL: Responses, Chat Completions, and a list with
 * one model. Throws a TypeError for a path that does not begin with a slash, and for a model without a name.
 */
export function openAi({ model = 'heddle', path = '/v1' }: OpenAiOptions = {}): Dialect {
  if (!/^(\/[^/:?#]+)+$/.test(path)) throw new TypeError(`path: '${path}' is not a path such as '/v1'.`);
  if (model === '') throw new TypeError('model: it is empty, and must be a name.');
  const readRefusal: DialectRoute['refuse'] = (refusal, request) => toOpenAiRefusal(refusal, request, true);
  const actRefusal: DialectRoute['refuse'] = (refusal, request) => toOpenAiRefusal(refusal, request, false);
  const reads = { method: 'GET', acts: false, refuse: readRefusal } as const;
  const acts = { method: 'POST', acts: true, refuse: actRefusal } as const;
  return {
    name: 'openai',
    onCut: 'destroy',
    // Clients go on by the number of a frame, or not at all.
    plain: true,
    cors: { allow: sentHeaders, expose: ['heddle-session', 'retry-after', 'x-should-retry'] },
    open: ({ scope }) => {
      const isResponse = typeof scope !== 'string' && scope.variant === responsesVariant;
      return isResponse ? projectResponse(scope, model) : projectChat(scope, model);
    },
    routes: [
      {
        ...acts,
        path: `${path}/responses`,
        streams: true,
        decode: (request) => decodeCreate(request, model),
      },
      {
        ...reads,
        path: `${path}/responses/:response`,
        streams: true,
        decode: (request) => decodeRetrieve(request, model),
      },
      {
        ...acts,
        path: `${path}/responses/:response/cancel`,
        decode: (request) => decodeCancel(request, model),
      },
      {
        ...acts,
        path: `${path}/chat/completions`,
        streams: true,
        decode: (request) => decodeChat(request, model),
      },
      { ...reads, path: `${path}/models`, decode: () => listModels(model) },
      {
        ...reads,
        path: `${path}/models/:model`,
        decode: ({ params }) => findModel(params['model'] ?? '', model),
      },
    ],
  };
}
