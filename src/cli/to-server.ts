import { ExitError } from './serve/exit-error.ts';

/**
 * Returns the base URL of a server from user input, with or without `http://`. Throws an ExitError of one
 * sentence.
 */
export function toServer(url: string): string {
  const full = /^[a-z][a-z\d+.-]*:\/\//i.test(url) ? url : `http://${url}`;
  if (!URL.canParse(full) || !/^https?:/i.test(full) || /\s/.test(url))
    throw new ExitError(`"${url}" is not the URL of a server. Give one such as http://127.0.0.1:8000.`);
  const { username, password } = new URL(full);
  if (username !== '' || password !== '')
    throw new ExitError(
      'A user and a password in the URL are not sent; the key or token goes into HEDDLE_TOKEN.',
    );
  return full.replace(/\/$/, '');
}
