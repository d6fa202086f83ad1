/** The URL of the server that served this page, under any mount path. */
export const serverUrl: string = new URL('.', document.baseURI).href.replace(/\/$/, '');
