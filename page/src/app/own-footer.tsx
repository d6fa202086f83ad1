import type { ReactElement } from 'react';
import { languageOf } from '../strings/language-of.ts';
import { ownWords } from './own-words.ts';

/** Renders the embedder's links and sentence; nothing if there are none. */
export function OwnFooter(): ReactElement | undefined {
  const { links, footer } = ownWords;
  if (links.length === 0 && footer === undefined) return undefined;
  return (
    <footer className="own-footer" data-testid="own-footer">
      {footer !== undefined && (
        <p dir="auto" lang={languageOf(footer)}>
          {footer}
        </p>
      )}
      {links.length > 0 && (
        <ul>
          {links.map(({ text, url }) => (
            <li key={`${text} ${url}`}>
              {/* A new tab: the page may hold a text that is not sent. */}
              <a href={url} target="_blank" rel="noopener noreferrer" dir="auto" lang={languageOf(text)}>
                {text}
              </a>
            </li>
          ))}
        </ul>
      )}
    </footer>
  );
}
