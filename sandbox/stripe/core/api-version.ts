/** The version of the pinned SDK. Requests may name any other and get the same shapes. */
export const API_VERSION = '2026-10-28.endive';
