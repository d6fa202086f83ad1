import { createClient } from 'heddle/client';
import type { Client } from 'heddle/client';

/** The server that served this page, under whatever path it is mounted. */
export const client: Client = createClient({ url: new URL('.', document.baseURI).href });
