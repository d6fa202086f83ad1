/** Why a client of AG-UI does not pass a check, without the subscriber of `examples/heddle-agent.ts`. */
export const keepsWithdrawn =
  'It keeps text that the agent withdraws until the page loads the conversation again.';
