/** A place in the events of several hosts: the number up to which the events of all were sent, and of some hosts more. */
export interface LivePlace {
  readonly seq: number
  /** the last number that was sent, by the key of the host */
  readonly ahead: ReadonlyMap<string, number>
}

/** Of more hosts a cut stream repeats some events: an id is to stay short. */
const MAX_AHEAD = 12

export const placeAt = (seq: number): LivePlace => ({ seq, ahead: new Map() })

/** Returns the id of a message that was sent with everything up to this place, such as `2` or `2+web1:4`. */
export const idOf = ({ seq, ahead }: LivePlace): string =>
  [String(seq), ...[...ahead].slice(-MAX_AHEAD).map(([host, last]) => `${host}:${last}`)].join('+')

/** Returns the place that the id of a message names; null for an id that names none. */
export function parsePlace(id: string | null): LivePlace | null {
  const [seq = '', ...others] = id?.split('+') ?? []
  if (!/^\d{1,15}$/.test(seq)) return null
  const ahead = others.map((text) => /^([a-z0-9][a-z0-9-]{0,62}):(\d{1,15})$/.exec(text))
  if (ahead.includes(null)) return null
  return { seq: Number(seq), ahead: new Map(ahead.map((found) => [found?.[1] ?? '', Number(found?.[2])])) }
}

/** Part of what is sent: events of one host, and the numbers of the first and the last of them. */
interface Part {
  readonly host: string
  readonly firstSeq: number
  readonly lastSeq: number
}

/**
 * Returns the place after each of these parts, which are sent one after the other and leave no event out: between the numbers of
 * one there can be those of a later one.
 */
export function placesAfter(before: LivePlace, parts: readonly Part[]): LivePlace[] {
  let { seq } = before
  let sent = seq
  const ahead = new Map(before.ahead)
  return parts.map(({ host, lastSeq }, index) => {
    ahead.set(host, Math.max(lastSeq, ahead.get(host) ?? 0))
    sent = Math.max(sent, lastSeq)
    const later = parts.slice(index + 1)
    // all before the first event of those that are still to come
    const limit = Math.min(...later.map(({ firstSeq }) => firstSeq - 1))
    seq = Math.max(seq, Math.min(sent, limit))
    for (const [key, last] of ahead) if (last <= seq) ahead.delete(key)
    return { seq, ahead: new Map(ahead) }
  })
}
