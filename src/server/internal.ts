export { readCookie } from './read-cookie.ts';
