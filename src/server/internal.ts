export { readCookie } from './read-cookie.ts';
export { isAddress, isPublicAddress } from './webhooks/public-address.ts';
export { forgedAddress, hopToken, toKnownHeaders, toReplyHeaders } from './probe/known-values.ts';
