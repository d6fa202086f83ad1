import type { A2aFacts } from './a2a-objects.ts';

/** How callers authenticate, in the words of A2A 1.0. */
export type SecurityScheme =
  | {
      readonly httpAuthSecurityScheme: {
        readonly scheme: string;
        readonly bearerFormat?: string;
        readonly description?: string;
      };
    }
  | {
      readonly apiKeySecurityScheme: {
        readonly location: 'header' | 'query' | 'cookie';
        readonly name: string;
        readonly description?: string;
      };
    }
  | {
      readonly oauth2SecurityScheme: {
        readonly flows: A2aFacts;
        readonly oauth2MetadataUrl?: string;
        readonly description?: string;
      };
    }
  | {
      readonly openIdConnectSecurityScheme: {
        readonly openIdConnectUrl: string;
        readonly description?: string;
      };
    }
  | { readonly mtlsSecurityScheme: { readonly description?: string } };

/** Returns the schemes for peers of both versions. Each one reads its own fields. */
export function toSchemes(
  schemes: Readonly<Record<string, SecurityScheme>>,
): Readonly<Record<string, A2aFacts>> {
  return Object.fromEntries(
    Object.entries(schemes).map(([name, scheme]) => [name, { ...toOlder(scheme), ...scheme }]),
  );
}

/** Returns a scheme as version 0.3 has it: an object of OpenAPI. */
function toOlder(scheme: SecurityScheme): A2aFacts {
  if ('httpAuthSecurityScheme' in scheme) return { type: 'http', ...scheme.httpAuthSecurityScheme };
  if ('apiKeySecurityScheme' in scheme) {
    const { location, ...key } = scheme.apiKeySecurityScheme;
    return { type: 'apiKey', in: location, ...key };
  }
  if ('oauth2SecurityScheme' in scheme) return { type: 'oauth2', ...scheme.oauth2SecurityScheme };
  if ('openIdConnectSecurityScheme' in scheme)
    return { type: 'openIdConnect', ...scheme.openIdConnectSecurityScheme };
  return { type: 'mutualTLS', ...scheme.mtlsSecurityScheme };
}
