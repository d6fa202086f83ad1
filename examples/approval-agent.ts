// An agent that asks before it does what cannot be undone. Try it: npx heddle serve examples/approval-agent.ts
import { toText } from 'heddle';
import type { AgentEvent, Turn } from 'heddle';

const tool = 'send_email';

export default async function* assistant(turn: Turn): AsyncGenerator<AgentEvent> {
  const { input } = turn;
  if (input.type === 'message') {
    const email = { to: 'ada@example.com', subject: 'A message for you', text: toText(input.content) };
    yield 'I have written the email. Shall I send it?';
    // The call ends here, not carried out: the turn that goes on makes it again.
    yield { type: 'tool_use', call: turn.turn, tool, input: email };
    yield {
      type: 'approval_request',
      // A name that no other approval of the session has.
      approval: turn.turn,
      call: turn.turn,
      reason: { title: 'Send this email?', message: 'It cannot be taken back once it is sent.' },
    };
    // The answer may come tomorrow, and to another process.
    turn.save(email);
    return;
  }

  const [answer] = input.answers;
  if (answer?.decision !== true) {
    yield 'I have not sent it.';
    return;
  }
  const call = turn.turn;
  yield { type: 'tool_use', call, tool, input: turn.snapshot };
  // An agent of yours would send it here.
  yield { type: 'tool_result', call, output: 'accepted' };
  yield 'The email is sent.';
}
