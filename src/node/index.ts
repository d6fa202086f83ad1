export { chatPage } from './chat-page/chat-page.ts';
export type { ChatPageOptions } from './chat-page/chat-page.ts';
export type {
  PageExample,
  PageLanguage,
  PageLink,
  PageSettings,
  PageText,
} from './chat-page/page-settings.ts';
export type { NameSetting } from './chat-page/read-page-settings.ts';
export type { Certificate } from './create-tls-server.ts';
export { httpFetch } from './http-fetch.ts';
export type { HttpFetched, HttpReader } from './http-fetch.ts';
export { listen } from './listen.ts';
export type { Listening, ListenOptions } from './listen.ts';
export { pageFiles } from './page-files.ts';
export { toListener } from './to-listener.ts';
export type { NodeListener, Next } from './to-listener.ts';
export { webhookFetch } from './webhook-fetch.ts';
