/** The version the pinned SDK speaks; requests may name any other and get the same shapes. */
export const API_VERSION = '2026-10-28.endive';
