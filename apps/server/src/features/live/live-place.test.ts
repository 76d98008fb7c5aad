import { expect, it } from 'vitest'
import { idOf, parsePlace, placeAt, placesAfter, type LivePlace } from './live-place.ts'

const hosts = ['one', 'two', 'three']

/** Six events, each of one of the hosts, in every way. */
const stories = Array.from({ length: 3 ** 6 }, (_, story) =>
  Array.from({ length: 6 }, (__, index) => ({
    host: hosts[Math.floor(story / 3 ** index) % 3] ?? '',
    seq: index + 1,
  })),
)

type Story = (typeof stories)[number]

const seqsOf = (events: Story) => events.map(({ seq }) => seq)

/** Sends what was missed in messages of one host each, up to `cut` of them, and returns what was sent, and up to where. */
function send(events: Story, id: string, { size, cut }: { readonly size: number; readonly cut: number }) {
  let place: LivePlace = parsePlace(id) ?? placeAt(0)
  const { seq, ahead } = place
  const missed = events.filter((event) => event.seq > seq && event.seq > (ahead.get(event.host) ?? 0))
  const sent: Story[] = []
  for (let from = 0; from < missed.length; from += size) {
    const batches = [...Map.groupBy(missed.slice(from, from + size), ({ host }) => host)]
    const parts = batches.map(([host, batch]) => {
      const seqs = seqsOf(batch)
      return { host, firstSeq: Math.min(...seqs), lastSeq: Math.max(...seqs) }
    })
    for (const [index, after] of placesAfter(place, parts).entries()) {
      if (sent.length === cut) return { sent: sent.flat(), id: idOf(place) }
      sent.push(batches[index]?.[1] ?? [])
      place = after
    }
  }
  return { sent: sent.flat(), id: idOf(place) }
}

it.each([1, 2, 3, 6])(
  'leaves no event out and repeats none, wherever a stream with messages of %i is cut',
  (size) => {
    for (const events of stories)
      for (const cut of [1, 2, 3]) {
        const first = send(events, '0', { size, cut })
        const second = send(events, first.id, { size, cut: 1 })
        const last = send(events, second.id, { size, cut: Number.POSITIVE_INFINITY })
        const all = seqsOf([...first.sent, ...second.sent, ...last.sent])
        if (all.length !== 6 || new Set(all).size !== 6) expect.fail(JSON.stringify({ events, cut, all }))
      }
    expect(stories).toHaveLength(729)
  },
)
