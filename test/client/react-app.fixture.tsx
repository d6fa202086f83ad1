// A small application on `heddle/react`. react.test.ts bundles it and opens it in real browsers.
import { StrictMode, memo, useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import { toText } from 'heddle';
import type { MessageState } from 'heddle';
import { createClient, createConversation } from 'heddle/client';
import { useSession } from 'heddle/react';
import type { SessionView } from 'heddle/react';

/** `twice` mounts two components that follow the same session. */
export type Mounted = 'hook' | 'twice' | 'careless';

/** The functions and values of the application that the tests use. */
export interface TestApp {
  readonly view: SessionView;
  /** The number of animation frames since the start. */
  readonly frames: number;
  /** The number of commits of the chat. */
  readonly commits: number;
  /** How often a conversation without frames reported a change. */
  readonly changes: number;
  /** The number of renders of each message. */
  readonly renders: Readonly<Record<string, number>>;
  /** The largest number of user messages in the page at one time. */
  readonly most: number;
  readonly unmount: () => void;
  readonly mount: (what: Mounted, source: string, strict: boolean) => void;
  /** Counts the changes that a store for other frameworks reports. */
  readonly count: (source: string) => void;
}

const app = { frames: 0, commits: 0, changes: 0, most: 0, renders: {} as Record<string, number> };

const Message = memo(function Message({ message }: { readonly message: MessageState }): ReactElement {
  const name = message.role === 'user' ? message.message : message.turn;
  useEffect(() => {
    app.renders[name] = (app.renders[name] ?? 0) + 1;
  });
  if (message.role === 'user') return <li className="user">{toText(message.content)}</li>;
  return <li className="agent">{message.parts.map((part) => ('text' in part ? part.text : part.type))}</li>;
});

function Chat({ source }: { readonly source: string }): ReactElement {
  const view = useSession(source);
  const { session, status, messages, sending } = view;
  useEffect(() => {
    app.commits += 1;
    app.most = Math.max(app.most, document.querySelectorAll('.user').length);
    Object.assign(app, { view });
  });
  return (
    <main data-status={status} data-session={session}>
      <ol>
        {messages.map((message) => (
          <Message key={message.role === 'user' ? message.message : message.turn} message={message} />
        ))}
        {sending.map(({ key, content }) => (
          <li key={key} className="user">
            {toText(content)}
          </li>
        ))}
      </ol>
    </main>
  );
}

/**
 * A mistake that strict mode must reveal: without the hook, an effect starts a conversation and never closes
 * it.
 */
function Careless({ source }: { readonly source: string }): ReactElement {
  const [text, setText] = useState('');
  useEffect(() => {
    const [server, session = ''] = source.split('/session/');
    const conversation = createConversation(createClient({ url: server ?? '' }).session(session));
    conversation.subscribe(() => setText(conversation.get().connection));
  }, [source]);
  return <p>{text}</p>;
}

const root = createRoot(document.body.appendChild(document.createElement('div')));

Object.assign(app, {
  unmount: () => root.render(undefined),
  mount(what: Mounted, source: string, strict: boolean): void {
    const chat = <Chat source={source} />;
    const shown =
      what === 'careless' ? (
        <Careless source={source} />
      ) : (
        <>
          {chat}
          {what === 'twice' && chat}
        </>
      );
    root.render(strict ? <StrictMode>{shown}</StrictMode> : shown);
  },
  count(source: string): void {
    const [server, session = ''] = source.split('/session/');
    const conversation = createConversation(createClient({ url: server ?? '' }).session(session));
    conversation.subscribe(() => (app.changes += 1));
  },
});
Object.assign(window, { app });

function countFrame(): void {
  app.frames += 1;
  requestAnimationFrame(countFrame);
}
countFrame();
