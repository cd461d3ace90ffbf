import { renderPng } from './png';

const CONTENT_TYPE = { png: 'image/png', mp4: 'video/mp4', wav: 'audio/wav' } as const;

/** The bytes of an output URL: a real picture, a second of silence, or only a video header. */
export function outputFile(name: string, extension: keyof typeof CONTENT_TYPE): { contentType: string; bytes: Buffer } {
  const contentType = CONTENT_TYPE[extension];
  if (extension === 'png') return { contentType, bytes: renderPng(name) };
  return { contentType, bytes: extension === 'wav' ? silence() : emptyVideo() };
}

function silence(): Buffer {
  const samples = 8_000;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(samples, 24);
  header.writeUInt32LE(samples, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples, 40);
  return Buffer.concat([header, Buffer.alloc(samples, 128)]);
}

function emptyVideo(): Buffer {
  const box = Buffer.alloc(24);
  box.writeUInt32BE(24, 0);
  box.write('ftypisom', 4);
  box.writeUInt32BE(0x200, 12);
  box.write('isommp42', 16);
  return box;
}
