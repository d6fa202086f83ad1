/** The kinds of tokens that have a colour of their own. */
export type TokenKind =
  | 'keyword'
  | 'string'
  | 'number'
  | 'comment'
  | 'title'
  | 'type'
  | 'name'
  | 'meta'
  | 'added'
  | 'removed';

/** A piece of code of one colour; without a kind it has the colour of text. */
export interface Token {
  readonly kind: TokenKind | undefined;
  readonly text: string;
}

/** Returns the kind of a highlighter's scope, such as `title.class.inherited` or `selector-tag`. */
export function kindOf(scope: string): TokenKind | undefined {
  const [first = '', second] = scope.split('.');
  return kinds.get(`${first}.${second}`) ?? kinds.get(first);
}

const kinds = new Map<string, TokenKind>();
const scopes: readonly (readonly [kind: TokenKind, of: string])[] = [
  ['keyword', 'keyword literal selector-tag variable.language operator formula'],
  ['string', 'string regexp char code link'],
  ['number', 'number symbol bullet'],
  ['comment', 'comment quote'],
  ['title', 'title section selector-id selector-class selector-pseudo name'],
  ['type', 'type built_in class title.class'],
  ['name', 'attr attribute property variable template-variable selector-attr'],
  ['meta', 'meta doctag template-tag'],
  ['added', 'addition'],
  ['removed', 'deletion'],
];
for (const [kind, of] of scopes) for (const scope of of.split(' ')) kinds.set(scope, kind);
