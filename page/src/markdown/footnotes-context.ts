import { createContext } from 'react';

/** The numbers of footnotes, by what they are called. */
export const FootnotesContext = createContext<ReadonlyMap<string, number>>(new Map());
