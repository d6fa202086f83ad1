/**
 * A public key as JSON (RFC 7517, with the members of RFC 7518 and 8037). `JsonWebKey` of browsers and `JWK`
 * of jose fit. This type names neither of them, because not every project has their types.
 */
export interface PublicKey {
  readonly kty?: string;
  readonly use?: string;
  readonly key_ops?: string[];
  readonly alg?: string;
  readonly kid?: string;
  readonly x5c?: string[];
  readonly x5t?: string;
  readonly 'x5t#S256'?: string;
  readonly x5u?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}
