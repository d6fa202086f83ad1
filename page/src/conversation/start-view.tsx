import type { ReactElement } from 'react';
import { ownWords } from '../app/own-words.ts';
import { strings } from '../strings/strings.ts';
import { languageOf } from '../strings/language-of.ts';

/** Renders a new conversation: a greeting, and examples if there are any. */
export function StartView({ onChoose }: { readonly onChoose: (prompt: string) => void }): ReactElement {
  const { greeting, introduction, examples } = ownWords;
  return (
    <section className="start" aria-labelledby="greeting">
      <h2 id="greeting" dir="auto" lang={languageOf(greeting)}>
        {greeting}
      </h2>
      {introduction !== undefined && (
        <p dir="auto" lang={languageOf(introduction)}>
          {introduction}
        </p>
      )}
      {examples.length > 0 && (
        <ul className="examples" aria-label={strings.examples}>
          {examples.map(({ title, prompt }) => (
            <li key={`${title} ${prompt}`}>
              <button type="button" onClick={() => onChoose(prompt)}>
                {title !== undefined && (
                  <strong dir="auto" lang={languageOf(title)}>
                    {title}
                  </strong>
                )}
                <span dir="auto" lang={languageOf(prompt)}>
                  {prompt}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
