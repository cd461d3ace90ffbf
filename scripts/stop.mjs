/** Ends the program with one sentence that says what to do, and no stack. */
export class Stop extends Error {}
