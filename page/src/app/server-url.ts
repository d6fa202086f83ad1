/** The server that served this page, under whatever path it is mounted. */
export const serverUrl: string = new URL('.', document.baseURI).href.replace(/\/$/, '');
