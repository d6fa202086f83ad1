import type { EventAtId } from '../../client/index.ts';
import { toText } from '../../protocol/index.ts';
import type {
  AgentMessage,
  ApprovalStatus,
  Content,
  PartState,
  PendingApproval,
  SessionState,
  TurnError,
} from '../../protocol/index.ts';
import type { Screen } from './screen.ts';
import { toBrief } from './to-brief.ts';
import { toLines } from './to-lines.ts';
import { toPrintable } from './to-printable.ts';

/**
 * Prints the events of a session as text. It removes control characters from all text that comes from
 * outside.
 */
export interface Teller {
  /** Prints the messages of a state. An open answer is printed as far as it has come. */
  history(state: SessionState): void;
  /** Prints what one event adds. */
  event(event: EventAtId['event']): void;
  /** Prints a user's message. */
  message(content: Content, author?: string): void;
  /** Prints in full what an approval is asked for: the user has to decide about it. */
  approval(approval: PendingApproval): void;
  /** Prints a notice of chat itself. */
  notice(text: string): void;
  error(text: string): void;
}

/**
 * Creates a teller. Answers go to one screen and everything else to the other, so in a pipe the first holds
 * answers only.
 */
export function createTeller(answers: Screen, asides: Screen): Teller {
  const tools = new Map<string, { readonly name: string; readonly input: unknown }>();
  /** Calls that run again once they are approved. Their cancelled result is not printed. */
  const asked = new Set<string>();
  const said = new Set<string>();
  let speaking: 'text' | 'reasoning' | undefined;

  const stop = (): void => {
    speaking = undefined;
    answers.endLine();
    asides.endLine();
  };
  const speak = (kind: 'text' | 'reasoning', part: string, text: string): void => {
    if (speaking !== kind) stop();
    speaking = kind;
    said.add(part);
    if (kind === 'text') answers.text(toPrintable(text));
    else asides.text(toPrintable(text), 'dim');
  };
  const aside: Screen['line'] = (text, style) => {
    stop();
    asides.line(text, style);
  };
  const tool = (call: string, name: string, input: unknown): void => {
    tools.set(call, { name: toBrief(name), input });
    aside(`→ ${toBrief(name)} ${toBrief(input)}`, 'cyan');
  };
  const result = (call: string, status: string, output: unknown): void => {
    if (asked.delete(call) && status === 'cancelled') return;
    const mark = status === 'ok' ? '✓' : '✗';
    const outcome = status === 'ok' ? toBrief(output) : `${status} ${toBrief(output)}`;
    aside(`${mark} ${tools.get(call)?.name ?? 'tool'}: ${outcome.trim()}`, status === 'ok' ? 'dim' : 'red');
    tools.delete(call);
  };
  const end = (outcome: string, error?: TurnError): void => {
    stop();
    said.clear();
    if (outcome === 'cancelled') aside('cancelled', 'yellow');
    if (outcome === 'failed') aside(toBrief(`failed: ${error?.message ?? 'no reason was given'}`), 'red');
  };
  const verdict = (status: ApprovalStatus, decision: unknown): void => {
    const isYesOrNo = typeof decision === 'boolean';
    const words = isYesOrNo ? (decision ? 'approved' : 'denied') : `answered: ${toBrief(decision)}`;
    aside(
      status === 'answered'
        ? words
        : `the approval was ${status === 'expired' ? 'not given in time' : 'cancelled'}`,
      'yellow',
    );
  };
  const message: Teller['message'] = (content, author) => {
    const text = toPrintable(toText(content)) || '(a message without text)';
    aside(author === undefined ? `› ${text}` : `${toBrief(author)} › ${text}`, 'bold');
  };

  function event(event: EventAtId['event']): void {
    switch (event.type) {
      case 'content':
        return speak('text', event.part, event.data);
      case 'reasoning':
        return speak('reasoning', event.part, event.data);
      case 'content_end':
      case 'reasoning_end':
        return stop();
      case 'tool_use':
        return tool(event.call, event.tool, event.input);
      case 'tool_result':
        return result(event.call, event.status, event.output);
      case 'discard':
        return event.parts.some((part) => said.has(part))
          ? aside('the answer starts again', 'yellow')
          : undefined;
      case 'replace':
        aside('the text above was replaced by:', 'yellow');
        return speak('text', event.part, event.data);
      case 'approval_request':
        if (event.call !== undefined) asked.add(event.call);
        return undefined;
      case 'approval_answer':
        return verdict(event.status, event.decision);
      case 'message_end':
        return end(event.outcome, event.error);
      case 'resync':
        return aside('part of this conversation is no longer on the server', 'yellow');
      default:
        return undefined;
    }
  }

  function part(part: PartState): void {
    if (part.type === 'text') {
      speak('text', part.part, part.text);
      if (!part.open) stop();
    } else if (part.type === 'tool') {
      if (part.status === 'input') return;
      tool(part.call, part.tool, part.input);
      if (part.status !== 'running') result(part.call, part.status, part.output);
    } else if (part.type === 'approval' && part.status !== undefined) {
      aside(`asked for approval: ${toBrief(part.reason)}`, 'yellow');
      verdict(part.status, part.decision);
    }
  }

  function answer({ parts, outcome, error }: AgentMessage): void {
    for (const one of parts) if (one.type === 'approval' && one.call !== undefined) asked.add(one.call);
    for (const one of parts) part(one);
    if (outcome !== undefined) end(outcome, error);
  }

  return {
    event,
    message,
    approval({ reason, call }) {
      aside(`asks for approval: ${toLines(reason)}`, 'yellow');
      const about = call === undefined ? undefined : tools.get(call);
      // The line of the call above may be cut, and the approval is for the whole input.
      if (about !== undefined) aside(`→ ${about.name}: ${toLines(about.input)}`, 'cyan');
    },
    notice: (text) => aside(toPrintable(text), 'dim'),
    error: (text) => aside(toPrintable(text), 'red'),
    history({ messages, earlier }) {
      if (earlier) aside('earlier messages are not shown', 'dim');
      for (const one of messages) {
        if (one.role === 'agent') answer(one);
        else if (one.status !== 'withdrawn') message(one.content, one.author);
      }
    },
  };
}
