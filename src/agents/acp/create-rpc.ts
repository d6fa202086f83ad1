import { fieldsOf, textOf } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';

/** One side of a JSON-RPC 2.0 connection. */
export interface Rpc {
  /** Resolves with the result. Rejects with an RpcError, or as `lose` says. */
  request(method: string, params: object): Promise<unknown>;
  notify(method: string, params: object): void;
  /** Takes a line of the other side. Returns false if it is no message of JSON-RPC. */
  hear(line: string): boolean;
  /** Fails all open requests, and all later ones. */
  lose(error: unknown): void;
}

/** A request of the other side. It stays open until it is answered once. */
export interface RpcRequest {
  readonly method: string;
  readonly params: Fields;
  reply(result: object): void;
  refuse(code: number, message: string): void;
}

export interface RpcOptions {
  readonly write: (message: object) => void;
  readonly onRequest: (request: RpcRequest) => void;
  readonly onNotification: (method: string, params: Fields) => void;
}

/** The error of a request. A code from 400 to 599 is also its HTTP status: some agents pass on that of their model. */
interface RpcError extends Error {
  readonly code: unknown;
  readonly data?: unknown;
  readonly status?: number;
}

type Resolvers = PromiseWithResolvers<unknown> & { readonly method: string };

/** Creates one side of a connection. */
export function createRpc({ write, onRequest, onNotification }: RpcOptions): Rpc {
  const open = new Map<unknown, Resolvers>();
  let count = 0;
  let lost: { readonly error: unknown } | undefined;

  const settle = ({ id, result, error }: Fields): void => {
    const request = open.get(id);
    open.delete(id);
    if (request === undefined) return;
    if (error === undefined) request.resolve(result);
    else request.reject(toRpcError(request.method, fieldsOf(error)));
  };

  return {
    request(method, params) {
      if (lost !== undefined) return Promise.reject(lost.error);
      const id = ++count;
      const resolvers = Promise.withResolvers<unknown>();
      open.set(id, { method, ...resolvers });
      write({ jsonrpc: '2.0', id, method, params });
      return resolvers.promise;
    },
    notify: (method, params) => write({ jsonrpc: '2.0', method, params }),
    hear(line) {
      const message = fieldsOf(parse(line));
      if (message['jsonrpc'] !== '2.0') return false;
      const { id, method } = message;
      const params = fieldsOf(message['params']);
      if (typeof method !== 'string') settle(message);
      else if (id === undefined) onNotification(method, params);
      else {
        const answer = (rest: object): void => write({ jsonrpc: '2.0', id, ...rest });
        onRequest({
          method,
          params,
          reply: (result) => answer({ result }),
          refuse: (code, reason) => answer({ error: { code, message: reason } }),
        });
      }
      return true;
    },
    lose(error) {
      lost ??= { error };
      for (const { reject } of open.values()) reject(error);
      open.clear();
    },
  };
}

function toRpcError(method: string, { code, message, data }: Fields): RpcError {
  const isStatus = typeof code === 'number' && code >= 400 && code <= 599;
  const error = new Error(`The agent answered ${method} with error ${String(code)}: ${textOf(message)}`);
  return Object.assign(error, {
    code,
    ...(data !== undefined && { data }),
    ...(isStatus && { status: code }),
  });
}

function parse(line: string): unknown {
  // Most stray lines are prose, for which an exception would be slow.
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
