import { connect } from 'node:net'
import { createDaemonConnection, encodeCommand, readJailStatus } from '@bangui/fail2ban'

export interface DecodeMeasure {
  readonly bans: number
  /** medians in milliseconds */
  readonly raw: number
  readonly decoded: number
  readonly ratio: number
}

const terminator = Buffer.from('<F2B_END_COMMAND>')
const requestDeadline = 60_000

/**
 * Measures `status <jail>` over a daemon's socket, received and decoded, beside the same reply read and thrown away;
 * both in turn, so that the daemon's own time is in both alike.
 */
export async function run(options: {
  socketPath: string
  jail: string
  rounds?: number
}): Promise<DecodeMeasure> {
  const { socketPath, jail, rounds = 15 } = options
  await using raw = await openRaw(socketPath)
  const connection = createDaemonConnection({ socketPath })
  const times = { raw: [] as number[], decoded: [] as number[] }
  let bans = 0
  try {
    for (let round = -2; round < rounds; round++) {
      const rawTime = await timed(() => raw.read(['status', jail]))
      const decodedTime = await timed(async () => {
        bans = (await readJailStatus(connection, jail, requestDeadline)).banned?.length ?? 0
      })
      // the first two warm up
      if (round < 0) continue
      times.raw.push(rawTime)
      times.decoded.push(decodedTime)
    }
  } finally {
    await connection.close()
  }
  const [rawMedian, decodedMedian] = [median(times.raw), median(times.decoded)]
  return { bans, raw: rawMedian, decoded: decodedMedian, ratio: decodedMedian / rawMedian }
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now()
  await work()
  return performance.now() - from
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const openRaw = async (path: string) => {
  const socket = connect(path)
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const read = (args: string[]): Promise<void> =>
    new Promise((resolve) => {
      let tail = Buffer.alloc(0)
      const onData = (chunk: Buffer) => {
        tail = Buffer.concat([tail, chunk.subarray(-terminator.length)]).subarray(-terminator.length)
        if (!tail.equals(terminator)) return
        socket.off('data', onData)
        resolve()
      }
      socket.on('data', onData)
      socket.write(encodeCommand(args))
    })
  return { read, [Symbol.asyncDispose]: async () => void socket.destroy() }
}
