/** The demo market as data: its people, and the lots of its 90 days (day 0 is today). */

export const marketDays = 90;

export interface PlannedSeller {
  key: string;
  name: string;
  email: string;
}

const sellerNames = [
  'Oru Pictures',
  'Tallwind Studio',
  'Halden Robotics',
  'Marrow & Pine',
  'Quillon Labs',
  'Serafine Films',
  'Bluefold Games',
  'Norrland Media',
  'Kestrel Imaging',
  'Ostrava Post',
  'Pellucid AI',
  'Vantage Row',
] as const;

const mailName = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .replace(/-$/, '');

export const sellers: PlannedSeller[] = sellerNames.map((name) => ({
  key: mailName(name),
  name,
  email: `${mailName(name)}@seller.example`,
}));

/** The seller whose password `npm start` prints. */
export const demoSeller = { key: 'oru-pictures' };

export const buyerNames = [
  'Ines Albrecht',
  'Tomas Reyes',
  'Priya Natarajan',
  'Jonas Wieland',
  'Mei Tanaka',
  'Lars Holm',
  'Amara Diallo',
  'Noor Haddad',
] as const;
export const demoBuyer = { name: 'Bea Lindqvist', email: 'buyer@demo.example' };
export const demoAdmin = { name: 'Ada Moreau', email: 'admin@demo.example' };
export const demoSellerEmail = 'seller@demo.example';

/** What becomes of a lot. `sells`: approved and on the market. */
export type Fate = 'sells' | 'in_review' | 'needs_info' | 'rejected' | 'paused' | 'withdrawn' | 'suspended' | 'fails';

export interface PlannedLot {
  seller: string;
  /** Submitted this many days ago. */
  daysAgo: number;
  faceUsd: number;
  discountBps: number;
  minUsd: number;
  /** Days until the credit expires; negative if it has expired. */
  expiresInDays: number;
  fate: Fate;
  /** A later price change: [days ago, discount]. */
  reprice?: [number, number];
}

const lot = (
  seller: string,
  daysAgo: number,
  faceUsd: number,
  discountBps: number,
  expiresInDays: number,
  more: Partial<PlannedLot> = {},
): PlannedLot => ({
  seller,
  daysAgo,
  faceUsd,
  discountBps,
  expiresInDays,
  minUsd: 10,
  fate: 'sells',
  ...more,
});

/** Four established sellers, and eight under the cap of new sellers ($1,000 on sale at a time). */
export const lots: PlannedLot[] = [
  lot('oru-pictures', 89, 1_000, 5_600, 22),
  lot('oru-pictures', 41, 2_400, 5_500, 57, { minUsd: 20 }),
  lot('oru-pictures', 24, 1_200, 5_800, 17),
  lot('oru-pictures', 6, 3_200, 4_500, 159),
  lot('oru-pictures', 1, 900, 4_800, 210, { fate: 'in_review' }),
  lot('tallwind-studio', 88, 1_000, 5_500, 24),
  lot('tallwind-studio', 40, 800, 5_250, 75),
  lot('tallwind-studio', 20, 5_000, 5_000, 220, { minUsd: 50 }),
  lot('tallwind-studio', 9, 1_500, 4_200, 300),
  lot('tallwind-studio', 3, 640, 5_400, 33),
  lot('halden-robotics', 87, 1_000, 5_400, 26),
  lot('halden-robotics', 38, 1_000, 4_800, 110),
  lot('halden-robotics', 30, 2_000, 4_600, 140, { reprice: [12, 4_900] }),
  lot('halden-robotics', 11, 760, 5_100, 48),
  lot('halden-robotics', 2, 4_000, 4_000, 265, { fate: 'in_review' }),
  lot('quillon-labs', 84, 1_000, 5_300, 28),
  lot('quillon-labs', 36, 4_000, 4_000, 265, { minUsd: 25 }),
  lot('quillon-labs', 22, 1_100, 4_700, 95),
  lot('quillon-labs', 10, 600, 5_300, 40),
  lot('quillon-labs', 5, 2_600, 4_100, 190, { fate: 'withdrawn' }),
  lot('quillon-labs', 0, 2_100, 4_250, 230, { fate: 'in_review' }),
  lot('marrow-pine', 86, 240, 5_000, -8),
  lot('marrow-pine', 46, 320, 4_500, 159),
  lot('marrow-pine', 33, 220, 3_750, 222),
  lot('marrow-pine', 15, 180, 4_400, 130, { fate: 'paused' }),
  lot('marrow-pine', 7, 160, 5_700, 24),
  lot('serafine-films', 82, 200, 4_900, -2),
  lot('serafine-films', 35, 340, 5_000, 120),
  lot('serafine-films', 26, 220, 4_300, 240),
  lot('serafine-films', 13, 185, 5_150, 66),
  lot('serafine-films', 4, 125, 4_650, 150),
  lot('bluefold-games', 80, 310, 4_800, 85),
  lot('bluefold-games', 34, 260, 4_900, 100, { reprice: [14, 5_200] }),
  lot('bluefold-games', 18, 170, 5_500, 29),
  lot('bluefold-games', 8, 190, 3_900, 280),
  lot('bluefold-games', 1, 140, 4_400, 175, { fate: 'needs_info' }),
  lot('norrland-media', 78, 300, 4_600, 45),
  lot('norrland-media', 32, 230, 4_750, 125),
  lot('norrland-media', 21, 195, 5_050, 70),
  lot('norrland-media', 12, 360, 3_600, 310),
  lot('norrland-media', 2, 95, 5_600, 21),
  lot('kestrel-imaging', 60, 290, 4_900, 115),
  lot('kestrel-imaging', 56, 90, 5_300, -5),
  lot('kestrel-imaging', 17, 420, 3_500, 320),
  lot('kestrel-imaging', 14, 150, 5_250, 52, { fate: 'withdrawn' }),
  lot('ostrava-post', 52, 280, 4_400, 90),
  lot('ostrava-post', 28, 180, 6_000, 26),
  lot('ostrava-post', 6, 300, 6_900, 12, { fate: 'rejected' }),
  lot('ostrava-post', 3, 150, 5_900, 19),
  lot('ostrava-post', 1, 120, 4_300, 80, { fate: 'in_review' }),
  lot('pellucid-ai', 48, 400, 5_900, 64, { fate: 'fails' }),
  lot('pellucid-ai', 16, 260, 6_200, 36, { fate: 'suspended' }),
  lot('pellucid-ai', 5, 240, 6_500, 15),
  lot('vantage-row', 45, 140, 3_000, -15),
  lot('vantage-row', 29, 200, 3_300, 340),
  lot('vantage-row', 19, 220, 4_050, 205),
  lot('vantage-row', 4, 160, 3_200, 355, { fate: 'in_review' }),
  lot('vantage-row', 2, 130, 3_400, 200, { fate: 'rejected' }),
  lot('oru-pictures', 12, 820, 5_050, 96),
  lot('oru-pictures', 5, 460, 5_650, 44),
  lot('oru-pictures', 3, 1_750, 4_150, 245),
  lot('tallwind-studio', 14, 980, 4_850, 118),
  lot('tallwind-studio', 7, 2_300, 3_850, 290, { minUsd: 20 }),
  lot('tallwind-studio', 2, 540, 5_350, 52),
  lot('oru-pictures', 2, 1_320, 4_750, 134),
  lot('tallwind-studio', 1, 700, 5_150, 81),
];

/** Buyers' runs: model, price facts, and the metrics of a success. */
export const usualRuns = [
  {
    model: 'google/veo-3',
    input: { prompt: 'A ledger with a meter in it', generate_audio: true },
    metrics: { predict_time: 71.2, video_output_duration_seconds: 8, with_audio: true },
    weight: 9,
  },
  {
    model: 'elevenlabs/music',
    input: { prompt: 'A slow waltz', music_length_ms: 300_000 },
    metrics: { predict_time: 64.1, audio_output_duration_seconds: 300 },
    weight: 5,
  },
  {
    model: 'black-forest-labs/flux-1.1-pro',
    input: { prompt: 'Hatching on paper' },
    metrics: { predict_time: 2.9, image_output_count: 1 },
    weight: 1,
  },
  {
    model: 'bytedance/seedream-4',
    input: { prompt: 'Twelve lots', max_images: 12 },
    metrics: { predict_time: 19.4, image_output_count: 12 },
    weight: 1,
  },
  { model: 'stability-ai/sdxl', input: { prompt: 'An ember' }, metrics: { predict_time: 3.2 }, weight: 1 },
] as const;
