/** One part of what was observed, or why it could not be. */
export type Observed<TValue> = { readonly value: TValue } | { readonly why: string }
