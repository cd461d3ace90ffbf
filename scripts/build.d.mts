export function isStale(): boolean;
export function build(onFailure?: (text: string) => void): Promise<void>;
