export type { StartLine } from '../kit/index.ts';
export { remote } from './remote.ts';
export type { RemoteHeaders, RemoteOptions } from './remote.ts';
export type { RemoteFormatName } from './formats/formats.ts';
export type { RemoteBody, RemoteFetch, RemoteInit, RemoteResponse } from './transport/remote-fetch.ts';
