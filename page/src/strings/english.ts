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
  waiting: 'Waiting for you',
  deleteSession: (title: string) => `Delete “${title}”`,
  deleteTitle: 'Delete this conversation?',
  deleteBody: 'It is removed for good, for everyone who has it open.',
  deleteConfirm: 'Delete',
  deleteCancel: 'Keep',
  deleteFailed: 'It could not be deleted. Please try again.',
  justNow: 'now',

  // Failures of the page itself
  pageFailed: 'This page has run into a problem',
  pageFailedBody:
    'Your conversations are kept. A translator or an extension of the browser may have changed the page.',
  showPageAgain: 'Show the page again',
  listFailed: 'The list cannot be shown.',

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
  shownPlain: 'This cannot be shown as it is meant. Here is its text.',
  showAgain: 'Show it again',
  truncated: 'The answer reached its maximum length.',
  image: 'Image',
  file: 'File',
  footnotes: 'Footnotes',
  copy: 'Copy',
  copied: 'Copied',
  jumpToLatest: 'Jump to latest',
  edit: 'Edit',
  editedText: 'Edited message',
  editSend: 'Send again',
  editCancel: 'Leave it',
  tryAgain: 'Try again',

  // Approvals
  approvalAsks: 'Asks for your approval',
  approvalAsked: 'Asked for approval',
  approvalTool: (tool: string) => `The call of ${tool}`,
  approve: 'Approve',
  approveNamed: (what: string) => `Approve: ${what}`,
  deny: 'Deny',
  denyNamed: (what: string) => `Deny: ${what}`,
  approvalFailed: 'Your answer did not arrive. Please try again.',
  verdicts: {
    pending: 'Waiting for approval',
    approved: 'Approved',
    denied: 'Denied',
    answered: 'Answered',
    expired: 'Expired: nobody answered in time',
    cancelled: 'Cancelled',
  },

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
  placeholderWaiting: 'A message will wait until you decide',
  send: 'Send',
  stop: 'Stop',
  stopWaiting: 'Cancel what was asked for',
  hint: 'Enter sends, Shift + Enter starts a new line',
  hintRunning: 'Esc stops the answer',
  hintWaiting: 'Esc cancels what was asked for',
  stopFailed: 'The answer could not be stopped. Please try again.',

  // Connection
  connectionConnecting: 'Connecting…',
  connectionLive: 'Live',
  connectionReconnecting: 'Reconnecting…',
  connectionOffline: 'Offline',
  connectionClosed: 'Disconnected',
  connectionResumes: 'Nothing is lost: it will go on where it was.',
  connectionSeconds: (seconds: number) => `${seconds} s`,
  connectionRetry: 'Try now',

  // Sign-in
  signIn: 'Sign in',
  signInBody:
    'Sign in with a key or a token. If you sign in on another page, do so there, then reload this one.',
  signInAgain: 'Sign in again',
  signInAgainBody: 'Your sign-in has ended. Nothing is lost: all goes on where it was.',
  signInField: 'API key or token',
  signInKept: 'This tab keeps it until you sign out or close the tab.',
  signInRefused: 'This key or token is not accepted. Please check it and try again.',
  signInFailed: 'Signing in did not work. Please try again in a moment.',
  signOut: 'Sign out',

  // Refusals
  errors: {
    sending: 'The message could not be sent. It is back in the box.',
    unauthorized: 'You are not signed in, or your sign-in has expired.',
    forbidden: 'This server does not accept requests from this address.',
    missing: 'This conversation is not here any more.',
    conflict: 'The agent is busy. Please try again in a moment.',
    tooLate: 'Too late: this was answered already, or its time was up.',
    tooLarge: 'This message is too long to send.',
    tooMany: 'Too many messages are waiting. Let some be answered first.',
    unavailable: 'The server cannot take messages right now. Please try again in a moment.',
    unreachable: 'The server cannot be reached.',
  },
};

export type Strings = typeof english;
