import { deflateSync } from 'node:zlib';

const SIDE = 64;

/** A small PNG with colours derived from the name: outputs differ, and each one stays the same. */
export function renderPng(name: string): Buffer {
  const [first = 0, second = 0, third = 0] = [0, 1, 2].map((salt) => colour(`${salt}${name}`));
  const rows = Buffer.alloc(SIDE * (1 + SIDE * 3));
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      rows.set([(first + x * 2) & 255, (second + y * 2) & 255, (third + x + y) & 255], y * (1 + SIDE * 3) + 1 + x * 3);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function colour(text: string): number {
  let hash = 7;
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) & 0xffff;
  return hash & 255;
}

function chunk(type: string, bytes: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), bytes]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(bytes.length, 0);
  typed.copy(framed, 4);
  framed.writeUInt32BE(checksum(typed), typed.length + 4);
  return framed;
}

/** CRC-32 as PNG asks for it; node:zlib has it only from Node 22. */
function checksum(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
