/** Everything the page says, in English. Its shape is what every other language must fill. */
export const english = {
  language: 'en',
  product: 'Heddle',

  // Sessions
  sessions: 'Conversations',
  newSession: 'New conversation',
  untitled: 'Untitled',
  noSessions: 'Your conversations will appear here.',
  sessionsUnreachable: 'The list cannot be loaded right now.',
  openSessions: 'Show conversations',
  closeSessions: 'Close',
  running: 'Answering',
  deleteSession: (title: string) => `Delete “${title}”`,
  deleteTitle: 'Delete this conversation?',
  deleteBody: 'It is removed for good, for everyone who has it open.',
  deleteConfirm: 'Delete',
  deleteCancel: 'Keep',
  deleteFailed: 'It could not be deleted. Please try again.',
  justNow: 'now',

  // Empty state
  greeting: 'What shall we work on?',
  introduction: 'Ask anything. Answers stream in as they are made, and wait for you if you leave.',
  examples: 'Examples',
  examplePrompts: [
    { title: 'Work something out', prompt: 'What is 2,350 × 18% ÷ 4?' },
    { title: 'Look up a time', prompt: 'What time is it in Tokyo right now?' },
    { title: 'Ask about Heddle', prompt: 'How does Heddle resume a stream after the connection drops?' },
    { title: '日本語で質問する', prompt: '東京は今何時ですか？' },
  ],

  // Conversation
  conversation: 'Conversation',
  loading: 'Opening the conversation…',
  missingTitle: 'This conversation is not here',
  missingBody: 'It was deleted, or it belongs to someone else.',
  you: 'You',
  agent: 'Agent',
  waitingMessage: 'Waiting its turn',
  sendingMessage: 'Sending…',
  withdraw: 'Take back',
  withdrawn: 'Taken back',
  tooLateToWithdraw: 'The agent has already started on this message.',
  thinking: 'Thinking',
  reasoningOpen: 'Thinking…',
  reasoningDone: 'Thoughts',
  retried: (attempt: number) => `Started again after an interruption (attempt ${attempt})`,
  cancelling: 'Stopping…',
  cancelled: 'Stopped. What was said so far is kept.',
  failed: 'The answer failed',
  failedPlain: 'Something went wrong while answering.',
  truncated: 'The answer reached its maximum length.',
  waiting: 'Waiting for an approval before going on.',
  image: 'Image',
  file: 'File',
  footnotes: 'Footnotes',
  copy: 'Copy',
  copied: 'Copied',
  jumpToLatest: 'Jump to latest',
  approvalWaiting: 'Asked for approval',
  approvalAnswered: 'Approval answered',

  // Tools
  toolStatus: {
    input: 'Preparing',
    running: 'Running',
    ok: 'Done',
    error: 'Failed',
    cancelled: 'Stopped',
  },
  toolInput: 'Input',
  toolProgress: 'Progress',
  toolOutput: 'Result',
  toolNoInput: 'No input',
  toolNoOutput: 'No result',

  // Composer
  composer: 'Message',
  placeholder: 'Write a message',
  placeholderRunning: 'Write the next message',
  send: 'Send',
  stop: 'Stop',
  hint: 'Enter sends, Shift + Enter starts a new line',
  hintRunning: 'Esc stops the answer',
  stopFailed: 'The answer could not be stopped. Please try again.',

  // Connection
  connectionConnecting: 'Connecting…',
  connectionLive: 'Live',
  connectionReconnecting: 'Reconnecting…',
  connectionOffline: 'Offline',
  connectionClosed: 'Disconnected',
  connectionResumes: 'Nothing is lost: it will go on where it was.',
  connectionRetry: 'Try now',
  connectionUnauthorized: 'Your sign-in has expired. Reload the page to go on.',

  // Refusals
  errors: {
    sending: 'The message could not be sent. It is back in the box.',
    unauthorized: 'You are not signed in, or your sign-in has expired.',
    forbidden: 'This server does not accept requests from this address.',
    missing: 'This conversation is not here any more.',
    conflict: 'The agent is busy. Please try again in a moment.',
    tooLarge: 'This message is too long to send.',
    tooMany: 'Too many messages are waiting. Let some be answered first.',
    unavailable: 'The server cannot take messages right now. Please try again in a moment.',
    unreachable: 'The server cannot be reached.',
  },
};

export type Strings = typeof english;
