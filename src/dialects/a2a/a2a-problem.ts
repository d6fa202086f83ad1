import type { RefusalCode } from '../../protocol/index.ts';
import type { DialectReply, Refusal } from '../dialect-reply.ts';
import type { Intent } from '../intent.ts';
import type { A2aFacts } from './a2a-objects.ts';
import type { A2aPeer } from './peer.ts';

/** One way in which a request fails: its code in JSON-RPC, and its status in HTTP and in google.rpc. */
interface ProblemKind {
  readonly rpc: number;
  readonly http: number;
  readonly status: string;
  /** The name of the error in the specification. Others belong to JSON-RPC or to this server. */
  readonly isOfA2a?: true;
}

const invalid = { http: 400, status: 'INVALID_ARGUMENT' };
const unfit = { http: 400, status: 'FAILED_PRECONDITION', isOfA2a: true } as const;

/** The errors of A2A and of JSON-RPC, by their names in google.rpc. */
export type A2aProblemName =
  | 'TASK_NOT_FOUND'
  | 'TASK_NOT_CANCELABLE'
  | 'PUSH_NOTIFICATION_NOT_SUPPORTED'
  | 'UNSUPPORTED_OPERATION'
  | 'CONTENT_TYPE_NOT_SUPPORTED'
  | 'EXTENDED_AGENT_CARD_NOT_CONFIGURED'
  | 'VERSION_NOT_SUPPORTED'
  | 'PARSE_ERROR'
  | 'INVALID_REQUEST'
  | 'METHOD_NOT_FOUND'
  | 'INVALID_PARAMS'
  | 'INTERNAL';

const kinds: Readonly<Record<A2aProblemName, ProblemKind>> = {
  TASK_NOT_FOUND: { rpc: -32_001, http: 404, status: 'NOT_FOUND', isOfA2a: true },
  TASK_NOT_CANCELABLE: { rpc: -32_002, ...unfit },
  PUSH_NOTIFICATION_NOT_SUPPORTED: { rpc: -32_003, ...unfit },
  UNSUPPORTED_OPERATION: { rpc: -32_004, ...unfit },
  CONTENT_TYPE_NOT_SUPPORTED: { rpc: -32_005, ...invalid, isOfA2a: true },
  EXTENDED_AGENT_CARD_NOT_CONFIGURED: { rpc: -32_007, ...unfit },
  VERSION_NOT_SUPPORTED: { rpc: -32_009, ...unfit },
  PARSE_ERROR: { rpc: -32_700, ...invalid },
  INVALID_REQUEST: { rpc: -32_600, ...invalid },
  METHOD_NOT_FOUND: { rpc: -32_601, http: 501, status: 'UNIMPLEMENTED' },
  INVALID_PARAMS: { rpc: -32_602, ...invalid },
  INTERNAL: { rpc: -32_603, http: 500, status: 'INTERNAL' },
};

/** The refusals of the server that the specification has no name for. Their status in HTTP stays. */
const statuses: Readonly<Partial<Record<RefusalCode, string>>> = {
  unauthorized: 'UNAUTHENTICATED',
  forbidden_host: 'PERMISSION_DENIED',
  forbidden_origin: 'PERMISSION_DENIED',
  key_reused: 'ALREADY_EXISTS',
  queue_full: 'RESOURCE_EXHAUSTED',
  too_many: 'RESOURCE_EXHAUSTED',
  draining: 'UNAVAILABLE',
  unavailable: 'UNAVAILABLE',
  storage_full: 'UNAVAILABLE',
  internal: 'INTERNAL',
};

const rpcCodes: Readonly<Partial<Record<RefusalCode, number>>> = {
  internal: kinds.INTERNAL.rpc,
  unsupported_type: kinds.CONTENT_TYPE_NOT_SUPPORTED.rpc,
  too_large: kinds.INVALID_REQUEST.rpc,
  key_reused: kinds.INVALID_PARAMS.rpc,
};

/** The code of JSON-RPC for an error of this server that has no other one. */
const serverError = -32_000;

/** Refuses a request in the words of A2A, before the server performs it. */
export class A2aProblem extends Error {
  override readonly name = 'A2aProblem';
  readonly kind: A2aProblemName;
  /** The field of the request that is wrong. */
  readonly field: string | undefined;
  constructor(kind: A2aProblemName, message: string, field?: string) {
    super(message);
    this.kind = kind;
    this.field = field;
  }
}

/** Returns the reply that tells a problem. */
export function toA2aProblemReply(peer: A2aPeer, { kind, message, field }: A2aProblem): DialectReply {
  const details = [
    toErrorInfo(kind, kinds[kind].isOfA2a === true),
    ...(field === undefined ? [] : [toViolation(field, message)]),
  ];
  // JSON-RPC has its errors in the body: their requests did arrive.
  return toReply(peer, peer.rpc ? 200 : kinds[kind].http, toFacts(peer, kinds[kind], message, details));
}

/**
 * Returns a refusal of the server in the words of A2A. `aim`: of a request that cancels or answers a task.
 */
export function toA2aRefusalReply(
  peer: A2aPeer,
  refusal: Refusal,
  aim: 'cancel' | 'answer' | undefined,
): DialectReply {
  const kind = toKind(refusal, aim);
  const { code, status: http } = refusal;
  const message = code === 'not_found' ? 'There is no such task.' : refusal.message;
  if (kind !== undefined) return toA2aProblemReply(peer, new A2aProblem(kind, message));
  const known = { rpc: rpcCodes[code] ?? serverError, http, status: statuses[code] ?? 'INVALID_ARGUMENT' };
  return toReply(peer, http, toFacts(peer, known, message, [toErrorInfo(code.toUpperCase(), false)]));
}

/** Returns the body of an error that comes within a stream. */
export function toProblemFacts(peer: A2aPeer, code: 'internal' | 'unauthorized', message: string): A2aFacts {
  const kind =
    code === 'internal' ? kinds.INTERNAL : { rpc: serverError, http: 401, status: 'UNAUTHENTICATED' };
  return toFacts(peer, kind, message, [toErrorInfo(code.toUpperCase(), false)]);
}

function toKind(
  { code, unreadable }: Refusal,
  aim: 'cancel' | 'answer' | undefined,
): A2aProblemName | undefined {
  switch (code) {
    case 'malformed':
      return unreadable ? 'PARSE_ERROR' : 'INVALID_PARAMS';
    case 'not_found':
      return 'TASK_NOT_FOUND';
    case 'too_late':
      return aim === 'cancel' ? 'TASK_NOT_CANCELABLE' : 'UNSUPPORTED_OPERATION';
    case 'key_reused':
      return aim === 'answer' ? 'UNSUPPORTED_OPERATION' : undefined;
    default:
      return undefined;
  }
}

function toFacts(
  { rpc }: A2aPeer,
  { rpc: code, http, status }: ProblemKind,
  message: string,
  details: readonly A2aFacts[],
): A2aFacts {
  const error = rpc ? { code, message, data: details } : { code: http, status, message, details };
  return rpc ? { jsonrpc: '2.0', id: rpc.id, error } : { error };
}

function toReply({ rpc }: A2aPeer, status: number, body: A2aFacts): DialectReply {
  return { status, body, ...(!rpc && { headers: { 'content-type': a2aJson } }) };
}

/** The content type of HTTP+JSON. */
export const a2aJson = 'application/a2a+json';

function toErrorInfo(reason: string, isOfA2a: boolean): A2aFacts {
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: isOfA2a ? 'a2a-protocol.org' : 'heddle',
  };
}

function toViolation(field: string, description: string): A2aFacts {
  return {
    '@type': 'type.googleapis.com/google.rpc.BadRequest',
    fieldViolations: [{ field, description }],
  };
}

/** Returns what a request wants. A problem with it becomes its reply. */
export function decodeOrReply(peer: A2aPeer, decode: () => Intent): Intent {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof A2aProblem)) throw error;
    return { type: 'reply', reply: toA2aProblemReply(peer, error) };
  }
}
