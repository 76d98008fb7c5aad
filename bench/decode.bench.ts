import { connect } from 'node:net'
import { createDaemonConnection, encodeCommand, readJailStatus } from '@bangui/fail2ban'
import type { BenchContext, Measure } from './lib/bench.ts'
import { fillBans, startQuietDaemon } from './lib/daemons.ts'
import { median, round, timed } from './lib/numbers.ts'
import { runQuietly } from './lib/run-quietly.ts'

const BANS = 200_000
const ROUNDS = 15
const CLIENT_ROUNDS = 5
const REQUEST_DEADLINE = 60_000
const terminator = Buffer.from('<F2B_END_COMMAND>')

/**
 * `status <jail>` of a real fail2ban, received and decoded, beside the same reply read and thrown away; both in turn,
 * so that the daemon's own time is in both alike. Then the same asked by fail2ban-client.
 */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const daemon = await startQuietDaemon(context, ['many'])
  const connection = createDaemonConnection({ socketPath: daemon.socketPath })
  context.own({ [Symbol.asyncDispose]: () => connection.close() })
  context.say(`banning ${BANS.toLocaleString('en-US')} addresses in a private fail2ban`)
  await fillBans(connection, 'many', { count: BANS })

  context.say('asking for the jail, decoded and raw in turn')
  const raw = await openRaw(daemon.socketPath)
  context.own(raw)
  const times = { raw: [] as number[], decoded: [] as number[], client: [] as number[] }
  // the first two warm up
  for (let turn = -2; turn < ROUNDS; turn++) {
    const rawTime = await timed(() => raw.read(['status', 'many']))
    const decodedTime = await timed(async () => {
      const { banned } = await readJailStatus(connection, 'many', REQUEST_DEADLINE)
      if (banned?.length !== BANS) throw new Error(`The reply has ${banned?.length} bans.`)
    })
    if (turn < 0) continue
    times.raw.push(rawTime)
    times.decoded.push(decodedTime)
  }
  const command = [daemon.clientProgram, ...daemon.clientArguments, 'status', 'many']
  for (let count = 0; count < CLIENT_ROUNDS; count++)
    times.client.push(await timed(() => runQuietly(command)))
  return report(median(times.decoded), median(times.raw), median(times.client))
}

function report(decoded: number, raw: number, client: number): Measure[] {
  return [
    {
      what: 'status of a jail with 200,000 bans, received and decoded',
      value: decoded,
      unit: 'ms',
      reference: { what: 'read and thrown away', value: raw },
      wanted: 'at most 1.25 times',
      ok: decoded / raw <= 1.25,
      note: `decoding adds ${round(decoded - raw)} ms; the rest is the daemon's own time and the socket`,
    },
    {
      what: 'the same beside the client',
      value: decoded,
      unit: 'ms',
      reference: { what: 'fail2ban-client status', value: client },
      wanted: 'faster',
      ok: decoded < client,
    },
  ]
}

const openRaw = async (path: string) => {
  const socket = connect(path)
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const read = (args: string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      let tail = Buffer.alloc(0)
      const onData = (chunk: Buffer) => {
        tail = Buffer.concat([tail, chunk.subarray(-terminator.length)]).subarray(-terminator.length)
        if (!tail.equals(terminator)) return
        socket.off('data', onData).off('close', onClose)
        resolve()
      }
      const onClose = () => reject(new Error('The daemon closed the connection.'))
      socket.on('data', onData).once('close', onClose)
      socket.write(encodeCommand(args))
    })
  return { read, [Symbol.asyncDispose]: async () => void socket.destroy() }
}
