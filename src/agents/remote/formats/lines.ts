import type { RemoteFormat } from '../remote-format.ts';
import { listenToTyped } from './typed.ts';

/** Heddle's own lines, which may also come as server-sent events. */
export const lines: RemoteFormat = {
  toRequest: ({ start, upstream }) => ({ method: 'POST', url: upstream.url, body: start }),
  listen: listenToTyped,
};
