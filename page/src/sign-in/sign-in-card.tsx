import { useEffect, useId, useRef } from 'react';
import type { ReactElement } from 'react';
import { ownWords } from '../app/own-words.ts';
import { OwnFooter } from '../app/own-footer.tsx';
import { strings } from '../strings/strings.ts';
import { useSigningIn } from './use-signing-in.ts';

export interface SignInCardProps {
  /** Whether a user was signed in until now. */
  readonly again: boolean;
  /** Rejects when the server does not accept the key. */
  readonly onKey: (key: string) => Promise<void>;
}

/** Renders the sign-in form in place of all content that needs a login. */
export function SignInCard({ again, onKey }: SignInCardProps): ReactElement {
  const { trying, problem, submit } = useSigningIn(onKey);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const title = again ? strings.signInAgain : strings.signIn;
  const [heading, body, input, told, kept] = ['heading', 'body', 'input', 'told', 'kept'].map(
    (part) => `${id}${part}`,
  );

  useEffect(() => {
    document.title = `${title} · ${ownWords.title}`;
  }, [title]);
  useEffect(() => {
    if (trying) return;
    // Selects a refused key, so that typing replaces it.
    field.current?.focus();
    field.current?.select();
  }, [trying]);

  return (
    <main className="sign-in">
      <form
        className="sign-in-card"
        data-testid="sign-in"
        aria-labelledby={heading}
        onSubmit={(event) => {
          event.preventDefault();
          submit(field.current?.value ?? '');
        }}
      >
        <p className="brand">
          <img src={ownWords.logo} alt="" />
          <span>{ownWords.title}</span>
        </p>
        <h1 id={heading}>{title}</h1>
        <p id={body}>{again ? strings.signInAgainBody : strings.signInBody}</p>
        <label htmlFor={input}>{strings.signInField}</label>
        <input
          ref={field}
          id={input}
          data-testid="key"
          type="password"
          // A password manager may fill it in. The page itself keeps the key for this tab only.
          autoComplete="current-password"
          autoCapitalize="none"
          spellCheck={false}
          required
          aria-invalid={problem !== undefined}
          aria-describedby={`${body} ${problem === undefined ? kept : told}`}
        />
        {problem === undefined ? (
          <p id={kept} className="sign-in-kept">
            {strings.signInKept}
          </p>
        ) : (
          <p id={told} className="sign-in-problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className="button primary" disabled={trying}>
          {strings.signIn}
        </button>
      </form>
      <OwnFooter />
    </main>
  );
}
