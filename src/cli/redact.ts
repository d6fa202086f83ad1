/**
 * Replaces the user and the password in the URLs of a text. It also covers strings that are no valid URLs
 * because the password is not percent-encoded.
 */
export function redact(text: string): string {
  return text.replace(ofStores, '$1***@').replace(ofAny, '://***@');
}

/** Store URLs: everything up to the last @ goes, because no @ comes after the password. */
const ofStores = /\b((?:rediss?|valkeys?|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|amqps?):\/\/)\S*@/gi;
// The pattern starts after the scheme: matching the scheme takes quadratic time in a long word.
const ofAny = /:\/\/[^\s/?#"'<>]*@/g;
