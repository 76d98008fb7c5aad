import { expect, onTestFinished, test, vi } from 'vitest'
import { createPace, nextBatchSize, sendInBatches, type Pace } from './batches.ts'
import type { HostLock } from './host-lock.ts'

test.each([
  [10, 10, 20],
  [20, 1, 40],
  [40, 1, 50],
  [50, 0, 50],
  [50, 100, 50],
  [50, 200, 25],
  [10, 5000, 1],
  [1, 30, 2],
])('after %i in %i ms the next batch has %i', (size, milliseconds, next) => {
  expect(nextBatchSize(size, milliseconds)).toBe(next)
})

/** Sends a list to a daemon that takes so many milliseconds for each address, and tells how long each batch was. */
async function sizesWith(count: number, millisecondsEach: (sent: number) => number): Promise<number[]> {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  onTestFinished(() => void vi.restoreAllMocks())
  const sizes: number[] = []
  let sent = 0
  const lock: Pick<HostLock, 'step'> = { step: (work) => work() }
  const send = async (batch: readonly string[]) => {
    now += batch.length * millisecondsEach(sent)
    sent += batch.length
    sizes.push(batch.length)
  }
  await sendInBatches(
    Array.from({ length: count }, (_, n) => `${n}`),
    { lock, send },
  )
  return sizes
}

test('a fast daemon gets batches of fifty, never more', async () => {
  expect(await sizesWith(270, () => 0.1)).toEqual([10, 20, 40, 50, 50, 50, 50])
})

test('a slow daemon gets batches that take a tenth of a second', async () => {
  expect(await sizesWith(40, () => 10)).toEqual([10, 10, 10, 10])
  expect(await sizesWith(26, () => 20)).toEqual([10, 5, 5, 5, 1])
  expect(await sizesWith(13, () => 400)).toEqual([10, 1, 1, 1])
})

test('a daemon that becomes slow and then fast again is followed', async () => {
  const sizes = await sizesWith(130, (sent) => (sent >= 70 && sent < 85 ? 100 : 0.1))
  expect(sizes).toEqual([10, 20, 40, 50, 1, 2, 4, 3])
})

/** Sends a list two batches at a time to a daemon that is told when to answer. */
function sendAhead(count: number, pace?: Pace) {
  const waiting: { batch: readonly string[]; answer: () => void; fail: (error: Error) => void }[] = []
  const abort = new AbortController()
  const progress: number[] = []
  const sent: number[] = []
  let turns = 0
  const step: HostLock['step'] = (work) => {
    turns++
    return work()
  }
  const sending = sendInBatches(
    Array.from({ length: count }, (_, n) => `${n}`),
    {
      lock: { step },
      ahead: true,
      ...(pace && { pace }),
      signal: abort.signal,
      onStep({ done, sent: begun }) {
        if (done > (progress.at(-1) ?? 0)) progress.push(done)
        if (begun > (sent.at(-1) ?? 0)) sent.push(begun)
      },
      send: (batch) =>
        new Promise((resolve, reject) => waiting.push({ batch, answer: resolve, fail: reject })),
    },
  )
  sending.catch(() => undefined)
  const answer = async (with_: number = waiting.length) => {
    for (const one of waiting.splice(0, with_)) one.answer()
    await new Promise(setImmediate)
  }
  return { sending, waiting, answer, abort, progress, sent, turns: () => turns }
}

test('a quick daemon has the next batch when it has answered one, never more than two', async () => {
  const { sending, waiting, answer, progress } = sendAhead(200)
  expect(waiting.map(({ batch }) => batch.length)).toEqual([10])
  await answer()
  // how quick it is was not known before
  expect(waiting.map(({ batch }) => batch.length)).toEqual([20, 20])
  await answer(1)
  expect(waiting).toHaveLength(2)
  while (waiting.length > 0) await answer(1)
  expect(await sending).toBe(200)
  expect(progress.at(-1)).toBe(200)
})

test('how quick another list was sent lets no second batch go before the first is answered', async () => {
  const pace = createPace()
  pace.took(50, 4)
  const { waiting, answer } = sendAhead(200, pace)
  expect(waiting.map(({ batch }) => batch.length)).toEqual([50])
  await answer()
  expect(waiting.map(({ batch }) => batch.length)).toEqual([50, 50])
})

test('two that go on for long end their turn together', async () => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  onTestFinished(() => void vi.restoreAllMocks())
  const { waiting, answer, turns } = sendAhead(10_000)
  await answer()
  expect(turns()).toBe(2)
  for (now = 10; now < 100; now += 10) await answer(1)
  expect([waiting.length, turns()]).toEqual([2, 2])
  await answer(1)
  expect([waiting.length, turns()]).toEqual([1, 2])
  await answer(1)
  expect([waiting.length, turns()]).toEqual([2, 3])
})

test('a list that is given up counts both that were under way', async () => {
  const { sending, waiting, answer, abort } = sendAhead(1_000)
  await answer()
  expect(waiting).toHaveLength(2)
  abort.abort()
  await answer()
  expect(waiting).toHaveLength(0)
  expect(await sending).toBe(50)
})

test('a failure is thrown after the batch behind it has ended as well', async () => {
  const { sending, waiting, answer, progress, sent } = sendAhead(1_000)
  await answer()
  expect(sent).toEqual([10, 30, 50])
  const [first, second] = waiting
  let isTold = false
  sending.catch(() => {
    isTold = true
  })
  first?.fail(new Error('no such jail'))
  await new Promise(setImmediate)
  expect(isTold).toBe(false)
  second?.answer()
  await expect(sending).rejects.toThrow('no such jail')
  expect(progress).toEqual([10])
})

test('the pace of a list is that of the next one, until two seconds have passed', () => {
  let now = 0
  const pace = createPace(() => now)
  expect(pace.next()).toBe(10)
  pace.took(50, 4)
  now += 2_000
  expect(pace.next()).toBe(50)
  now += 1
  expect(pace.next()).toBe(10)
})
