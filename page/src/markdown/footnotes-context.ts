import { createContext } from 'react';

/** The numbers of footnotes, by id. */
export const FootnotesContext = createContext<ReadonlyMap<string, number>>(new Map());
