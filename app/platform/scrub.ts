const REMOVED = '[removed]';
const SHORTEST_SECRET = 6;

/** Secrets with a known shape: tokens, keys, URLs with a password or a MAC, links in mails, our cookies. */
const SHAPES: [RegExp, string][] = [
  [/\br8_[A-Za-z0-9]{8,}/g, REMOVED],
  [/\b(?:sk|rk|pk)_(?:test|live)_[A-Za-z0-9]+/g, REMOVED],
  [/\bwhsec_[A-Za-z0-9+/=]+/g, REMOVED],
  [/\bcmk_[0-9A-Za-z_]+/g, REMOVED],
  [/\b((?:postgres(?:ql)?|smtps?|https?):\/\/[^\s:@/"]*):[^\s@/"]+@/g, `$1:${REMOVED}@`],
  [/(\/gateway\/hooks\/[\w-]+\/)[\w-]+/g, `$1${REMOVED}`],
  [/(\/gateway\/files\/)[\w-]+/g, `$1${REMOVED}`],
  [/([?&]token=)[\w-]+/g, `$1${REMOVED}`],
  [/\b((?:__Host-)?(?:sign_in|browser)=)[^;"\s]+/g, `$1${REMOVED}`],
  [/\b(Bearer|Token|Basic) [\w.~+/-]{8,}=*/gi, `$1 ${REMOVED}`],
];

const CARD = /(?<![\w.-])[3-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{3,4}(?![\w.-])/g;

/** Removes the given secrets, and whatever looks like a secret or a card number, from a text. */
export function scrubber(secrets: string[]): (text: string) => string {
  const known = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  return (text) => {
    let clean = text;
    for (const secret of known) clean = clean.replaceAll(secret, REMOVED);
    for (const [shape, instead] of SHAPES) clean = clean.replace(shape, instead);
    return clean.replace(CARD, (digits) => (isCard(digits) ? REMOVED : digits));
  };
}

/** The check digit of card numbers (Luhn). */
function isCard(text: string): boolean {
  const digits = [...text.replace(/\D/g, '')].reverse().map(Number);
  const sum = digits.reduce((total, digit, index) => total + (index % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0);
  return sum % 10 === 0;
}
