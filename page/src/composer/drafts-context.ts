import { createContext } from 'react';
import { createDrafts } from './drafts.ts';
import type { Drafts } from './drafts.ts';

/** What the person writes, wherever in the page that is. */
export const DraftsContext = createContext<Drafts>(createDrafts());
