import type { ReactElement } from 'react';
import { strings } from '../strings/strings.ts';
import { languageOf } from '../strings/language-of.ts';

/** Renders a new conversation: a greeting and examples. */
export function StartView({ onChoose }: { readonly onChoose: (prompt: string) => void }): ReactElement {
  return (
    <section className="start" aria-labelledby="greeting">
      <h2 id="greeting">{strings.greeting}</h2>
      <p>{strings.introduction}</p>
      <ul className="examples" aria-label={strings.examples}>
        {strings.examplePrompts.map(({ title, prompt }) => (
          <li key={title}>
            <button type="button" onClick={() => onChoose(prompt)}>
              <strong lang={languageOf(title)}>{title}</strong>
              <span lang={languageOf(prompt)}>{prompt}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
