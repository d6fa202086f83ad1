export { apiKeys } from './api-keys.ts';
export type { ApiKeysOptions } from './api-keys.ts';
export { bearerJwt } from './bearer-jwt.ts';
export type { BearerJwtOptions, Claims } from './bearer-jwt.ts';
export type { PublicKey } from './public-key.ts';
export { cookieSession } from './cookie-session.ts';
export type { CookieSessionOptions } from './cookie-session.ts';
export { firstOf } from './first-of.ts';
