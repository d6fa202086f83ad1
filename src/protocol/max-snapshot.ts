/** The longest snapshot of an agent that is kept, in UTF-16 units of its JSON. */
export const maxSnapshot: number = 8 * 1024 * 1024;
