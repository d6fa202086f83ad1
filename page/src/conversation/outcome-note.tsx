import type { ReactElement } from 'react';
import type { AgentMessage } from 'heddle';
import { Icon } from '../app/icon.tsx';
import { strings } from '../strings/strings.ts';

/** Renders the outcome of a turn, when it is not the usual one. */
export function OutcomeNote({ message }: { readonly message: AgentMessage }): ReactElement | undefined {
  switch (message.outcome) {
    case undefined:
      return message.cancelling ? <p className="outcome-note">{strings.cancelling}</p> : undefined;
    case 'waiting':
      // The approvals show that.
      return undefined;
    case 'completed':
      return message.reason === 'max_tokens' ? (
        <p className="outcome-note">{strings.truncated}</p>
      ) : undefined;
    case 'cancelled':
      return <p className="outcome-note">{strings.cancelled}</p>;
    case 'failed':
      return <FailureNote error={message.error} />;
  }
}

function FailureNote({ error }: { readonly error: AgentMessage['error'] }): ReactElement {
  return (
    <div className="failure-note">
      <Icon name="alert" />
      <div>
        <strong>{strings.failed}</strong>
        <p dir="auto">{error?.message ?? strings.failedPlain}</p>
        {error !== undefined && <code>{error.code}</code>}
      </div>
    </div>
  );
}
