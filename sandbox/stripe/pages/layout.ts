import { Html, html } from './html';

const style = new Html(`
:root{color-scheme:light;--paper:#fff;--side:#f3f4f8;--ink:#1b1f2a;--soft:#4d5468;--line:#d5d9e4;--edge:#767e94;--go:#4338ca;--on-go:#fff;--bad:#a8122e;--note:#fff4d6;--on-note:#4d3800}
@media (prefers-color-scheme:dark){:root{color-scheme:dark;--paper:#14161c;--side:#1b1e27;--ink:#edeff5;--soft:#b2b8c8;--line:#343947;--edge:#868ea3;--go:#a5b0ff;--on-go:#10132b;--bad:#ff8d9b;--note:#38300f;--on-note:#ffe9a8}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;font-variant-numeric:tabular-nums}
.note{margin:0;padding:10px 16px;background:var(--note);color:var(--on-note);font-size:14px}
main{max-width:34rem;margin:0 auto;padding:24px 16px 48px;display:grid;gap:32px}
main.two{max-width:60rem}
@media (min-width:48rem){main.two{grid-template-columns:1fr 1fr;gap:56px;padding-top:56px}}
h1{font-size:16px;font-weight:500;color:var(--soft);margin:0 0 4px}
h2{font-size:18px;margin:0 0 16px}
.total{font-size:36px;font-weight:600;line-height:1.2;margin:0 0 24px}
table{border-collapse:collapse;width:100%;font-size:14px}
caption{text-align:left;font-weight:600;padding:0 0 8px}
th,td{text-align:left;padding:8px 8px 8px 0;border-top:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
td.n,th.n{text-align:right;padding:8px 0 8px 12px;white-space:nowrap}
td.card{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px;white-space:nowrap;overflow-wrap:normal}
label{display:block;font-weight:500;margin:0 0 4px}
.field{margin:0 0 16px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:16px}
input{width:100%;min-height:44px;padding:8px 12px;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--edge);border-radius:6px}
input[aria-invalid]{border:2px solid var(--bad)}
button,.button{display:inline-block;width:100%;min-height:48px;padding:10px 16px;font:inherit;font-weight:600;text-align:center;border-radius:6px;border:1px solid var(--go);background:var(--go);color:var(--on-go);cursor:pointer;text-decoration:none}
button.plain{background:transparent;color:var(--ink);border-color:var(--edge)}
:focus-visible{outline:3px solid var(--go);outline-offset:2px}
a{color:var(--go)}
.hint{color:var(--soft);font-size:14px;margin:4px 0 0}
.error{color:var(--bad);font-size:14px;font-weight:500;margin:4px 0 0}
.alert{border-left:4px solid var(--bad);padding:8px 12px;margin:0 0 16px;background:var(--side)}
.alert p{margin:0}
.after{margin:16px 0 32px;text-align:center}
.stack>*{margin:0 0 12px}
`);

/** Every page says that no real money moves here. */
export const page = (title: string, body: Html, wide = false): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header>
          <p class="note"><strong>Stripe sandbox.</strong> This is the sandbox’s payment page. No real card works here and no money moves.</p>
        </header>
        <main${wide ? html` class="two"` : ''}>${body}</main>
      </body>
    </html>`.markup;

export const dollars = (cents: number): string =>
  (cents / 100).toLocaleString('en-US', { style: 'currency', currency: 'USD', minimumFractionDigits: 2 });
