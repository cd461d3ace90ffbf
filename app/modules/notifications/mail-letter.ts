/** The content of a mail; `composeMail` formats it. Templates in `mails/` are pure functions that return `composeMail({ … })`. */
export interface Letter {
  /** For the outbox and for filters: "sign_up.verify". */
  kind: string;
  subject: string;
  title: string;
  paragraphs: string[];
  /** Lines of a small table: what, value. */
  facts?: [label: string, value: string][];
  action?: { label: string; url: string };
  /** After the button: conditions, what happens next. */
  after?: string[];
  /** Why the reader gets this mail. */
  because: string;
}

/** What a template returns: a mail to be rendered with the market's contact address. */
export interface ComposedMail {
  kind: string;
  subject: string;
  write: (contactEmail: string) => { text: string; html: string };
}

const independence = 'Credit Mart is independent of Replicate.';

/** Renders a letter as plain text and HTML. Tables and inline styles only, which mail programs display alike. */
export function composeMail(letter: Letter): ComposedMail {
  const write = (contactEmail: string) => ({ text: toText(letter, contactEmail), html: toHtml(letter, contactEmail) });
  return { kind: letter.kind, subject: letter.subject, write };
}

/** The last lines of every mail. */
function footer({ because }: Letter, contactEmail: string): string {
  return `${because} ${independence} Questions? Answer this mail, or write to ${contactEmail}.`;
}

function toText(letter: Letter, contactEmail: string): string {
  const { title, paragraphs, facts = [], action, after = [] } = letter;
  const blocks = [
    title,
    ...paragraphs,
    facts.map(([label, value]) => `${label}: ${value}`).join('\n'),
    action ? `${action.label}:\n${action.url}` : '',
    ...after,
    `--\n${footer(letter, contactEmail)}`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** Breaks long names and addresses, so that they fit a phone. */
const breaks = 'overflow-wrap:anywhere;word-break:break-word';
const cell = 'padding:8px 0;border-bottom:1px solid #dad5c9';

function factRow([label, value]: [string, string]): string {
  return `<tr><th scope="row" align="left" style="${cell};font-weight:400;padding-right:16px">${escape(label)}</th><td align="right" style="${cell};${breaks}">${escape(value)}</td></tr>`;
}

function factTable(facts: [string, string][]): string {
  if (facts.length === 0) return '';
  return `<table width="100%" cellpadding="0" cellspacing="0" style="font-size:15px;margin:0 0 24px"><tbody>${facts.map(factRow).join('')}</tbody></table>`;
}

function button(action: Letter['action']): string {
  if (!action) return '';
  const style =
    'display:inline-block;background:#bb3808;color:#ffffff;text-decoration:none;font-weight:600;padding:13px 20px;border-radius:2px';
  const address = `<p style="margin:0 0 24px;font-size:13px;color:#67635a;word-break:break-all">${escape(action.url)}</p>`;
  return `<p style="margin:4px 0 12px"><a href="${escape(action.url)}" style="${style}">${escape(action.label)}</a></p>${address}`;
}

function toHtml(letter: Letter, contactEmail: string): string {
  const { subject, title, paragraphs, facts = [], action, after = [] } = letter;
  const font = "font-family:Archivo,'Helvetica Neue',Arial,sans-serif;font-size:16px;line-height:1.5;color:#1a1917";
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(subject)}</title></head>`,
    '<body style="margin:0;background:#f6f4ef"><div role="main"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f6f4ef"><tr><td align="center" style="padding:32px 16px">',
    `<table role="presentation" width="560" cellpadding="0" cellspacing="0" style="width:100%;max-width:560px;${font};${breaks}"><tr><td>`,
    '<p style="margin:0;padding-bottom:14px;border-bottom:1px solid #1a1917;font-weight:700;font-size:20px;letter-spacing:-.02em">Credit Mart</p>',
    `<h1 style="font-size:30px;line-height:1.1;letter-spacing:-.02em;font-weight:600;margin:28px 0 14px">${escape(title)}</h1>`,
    ...paragraphs.map((line) => `<p style="margin:0 0 18px">${escape(line)}</p>`),
    factTable(facts),
    button(action),
    ...after.map((line) => `<p style="margin:0 0 12px;font-size:14px">${escape(line)}</p>`),
    `<p style="margin:20px 0 0;padding-top:14px;border-top:1px solid #dad5c9;font-size:13px;color:#67635a">${escape(footer(letter, contactEmail))}</p>`,
    '</td></tr></table></td></tr></table></div></body></html>',
  ].join('\n');
}
