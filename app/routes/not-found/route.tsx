/** Answers every URL that no other route matches with 404. */
export function loader(): never {
  throw new Response('The address may be mistyped, or what stood here is gone.', { status: 404 });
}

export const action = loader;

export default function NotFound() {
  return null;
}
