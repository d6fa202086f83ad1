// An agent that asks before an action that cannot be undone.
// Try it: npx heddle serve examples/approval-agent.ts
import { toText } from 'heddle';
import type { AgentEvent, Turn } from 'heddle';

const tool = 'send_email';

export default async function* assistant(turn: Turn): AsyncGenerator<AgentEvent> {
  const { input } = turn;
  if (input.type === 'message') {
    const email = { to: 'ada@example.com', subject: 'A message for you', text: toText(input.content) };
    yield 'I have written the email. Shall I send it?';
    // The call ends here without a result. The turn after the answer makes it again.
    yield { type: 'tool_use', call: turn.turn, tool, input: email };
    yield {
      type: 'approval_request',
      // A name that no other approval of this session has.
      approval: turn.turn,
      call: turn.turn,
      reason: { title: 'Send this email?', message: 'It cannot be taken back once it is sent.' },
    };
    // The answer may come tomorrow, and in another process.
    turn.save(email);
    return;
  }

  const [answer] = input.answers;
  if (answer?.decision !== true) {
    yield 'I have not sent it.';
    return;
  }
  // The name of the call that was asked about, so that pages show one call and not two.
  const { call = turn.turn } = answer;
  yield { type: 'tool_use', call, tool, input: turn.snapshot };
  // Your own agent would send the email here.
  yield { type: 'tool_result', call, output: 'accepted' };
  yield 'The email is sent.';
}
