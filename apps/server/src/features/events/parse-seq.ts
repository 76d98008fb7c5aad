/** The place in the sequence that the id of a message names; null for an id that names none. */
export const parseSeq = (id: string | null): number | null =>
  id !== null && /^\d{1,15}$/.test(id) ? Number(id) : null
