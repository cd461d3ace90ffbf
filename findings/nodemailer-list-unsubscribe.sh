#!/usr/bin/env bash
# nodemailer 10.6.0.
# Guess: list.unsubscribe with two addresses writes one List-Unsubscribe header, which RFC 8058 wants.
# Seen: a flat list writes two headers of that name. A list inside the list writes one.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund nodemailer@10.6.0
cat >try.mjs <<'JS'
import nodemailer from 'nodemailer';

const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
const addresses = ['https://shop.example/stop', 'mailto:stop@shop.example'];
for (const [name, unsubscribe] of [['flat', addresses], ['nested', [addresses]]]) {
  const { message } = await transport.sendMail({ from: 'a@shop.example', to: 'b@shop.example', text: '.', list: { unsubscribe } });
  console.log(`${name}: ${message.toString().match(/^List-Unsubscribe:/gim).length}`);
}
JS
seen=$(node try.mjs)
echo "$seen"
[ "$seen" = 'flat: 2
nested: 1' ]
