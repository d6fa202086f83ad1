/** A text without the user and the password of the URLs in it, also of those that are none because a password stands there as it is. */
export function redact(text: string): string {
  return text.replace(ofStores, '$1***@').replace(ofAny, '://***@');
}

/** All before the last @ is left out: the rest of such a URL has none. */
const ofStores = /\b((?:rediss?|valkeys?|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|amqps?):\/\/)\S*@/gi;
// Without the scheme: looking for one takes quadratic time in a long word.
const ofAny = /:\/\/[^\s/?#"'<>]*@/g;
