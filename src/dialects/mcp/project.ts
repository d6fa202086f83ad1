import { emptyState, foldEntries } from '../../protocol/index.ts';
import type { Entry } from '../../protocol/index.ts';
import type { BareFrame } from '../bare-frame.ts';
import { createChain } from '../chain.ts';
import type { Projection, Scope } from '../dialect.ts';
import type { McpServerInfo } from './about.ts';
import { withMcpServerInfo } from './about.ts';
import { toMcpAnswer } from './answer.ts';
import { toMcpElicitation } from './elicitation.ts';
import { createMcpProgress } from './progress.ts';
import { mcpErrors, toMcpRequest, toMcpError, toMcpResult } from './rpc.ts';
import type { McpMessage } from './rpc.ts';
import { fromMcpVariant, toMcpFrameId } from './stream-name.ts';
import { toMcpAskResult } from './tool-result.ts';

/**
 * Opens the projection of an exchange to the answer of one request: progress, and at its end the response. A
 * client that began with `initialize` and can ask its user gets approvals as requests within the stream,
 * which goes on with the turn that they start.
 */
export function openMcp(info: McpServerInfo, { scope }: { readonly scope: Scope }): Projection {
  let chain = createChain(scope);
  const { exchange } = chain;
  const { session, message, variant = '' } = exchange;
  const stream = fromMcpVariant(variant);
  if (stream === undefined) throw new TypeError('This exchange is not that of a request of MCP.');
  const place = { session, message };
  const isNumbered = stream.era === 'legacy';
  const progress = createMcpProgress();
  let state = emptyState(session);
  let frames = 0;
  let isOver = false;

  const number = (data: string): BareFrame => {
    frames += 1;
    return isNumbered
      ? { id: toMcpFrameId({ session, turn: exchange.turn, frames, variant }), data }
      : { data };
  };
  const toFrame = (rpc: McpMessage): BareFrame => number(JSON.stringify(rpc));

  const begin = (): readonly BareFrame[] => (frames === 0 && stream.primed ? [number('')] : []);

  const tell = ({ event }: Entry): readonly BareFrame[] => {
    const sentence = stream.progress === undefined ? undefined : progress.see(event);
    if (sentence === undefined) return [];
    const told = { progressToken: stream.progress, progress: frames + 1, message: sentence };
    return [toFrame(toMcpRequest('notifications/progress', told))];
  };

  const finish = (): readonly BareFrame[] => {
    isOver = true;
    const result = toMcpAskResult(state, place, stream);
    return [toFrame(toMcpResult(stream.id, isNumbered ? result : withMcpServerInfo(info, result)))];
  };

  /**
   * Asks the user within the stream. Returns undefined if the answer does not wait, or nobody can be asked
   * here.
   */
  const ask = (): readonly BareFrame[] | undefined => {
    const { approvals } = toMcpAnswer(state, message);
    if (!isNumbered || !stream.elicits || approvals.length === 0) return undefined;
    return approvals.map((asked) =>
      toFrame(toMcpRequest('elicitation/create', toMcpElicitation(asked), `${session}.${asked.approval}`)),
    );
  };

  return {
    project(entry) {
      if (isOver) return [];
      const { event } = entry;
      const isAnswer =
        event.type === 'approval_answer' &&
        state.approvals.some(({ approval }) => approval === event.approval);
      // The stream goes on with the turn that the answers start.
      if (isAnswer && chain.end === 'ended') chain = createChain({ ...exchange, turn: event.turn });
      const seen = chain.see(event);
      if (seen === 'other') return [];
      state = foldEntries(state, [entry]);
      if (seen === 'known') return [];
      const first = begin();
      const told = chain.end === undefined ? tell(entry) : [];
      const last = event.type === 'message_end' || chain.end === 'never' ? chain.end : undefined;
      return [...first, ...told, ...(last === undefined ? [] : (ask() ?? finish()))];
    },
    announce({ type }) {
      const sentence =
        type === 'resync'
          ? 'This answer is not kept any more. Ask again.'
          : type === 'auth_expired'
            ? 'The credentials have expired.'
            : undefined;
      if (sentence === undefined) return [];
      return [{ data: JSON.stringify(toMcpError(stream.id, mcpErrors.internal, sentence)) }];
    },
    get over() {
      return isOver;
    },
  };
}
