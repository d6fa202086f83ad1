import { createContext } from 'react';
import { createDrafts } from './drafts.ts';
import type { Drafts } from './drafts.ts';

/** The drafts of the user, for every place in the page. */
export const DraftsContext = createContext<Drafts>(createDrafts());
