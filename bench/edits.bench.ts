import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkConfig, createLocalHost, createPrivateDaemon, type PrivateDaemon } from '@bangui/fail2ban'
import type { Edit } from '@bangui/shared'
import type { BenchContext, Measure } from './lib/bench.ts'
import { median, timedInTurns } from './lib/numbers.ts'

const ROUNDS = 9
const JAILS = 20
const EDITED = 5
const WANTED_MORE_MS = 100

/** What a change costs: the preview of one edit, and which loads ten files for five jails need. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const names = Array.from({ length: JAILS }, (_, index) => `jail-${index}`)
  const daemon = context.own(await createPrivateDaemon({ jails: names.map((name) => ({ name })) }))
  await daemon.start()
  const subject = (configWrite: 'jails' | 'all') => {
    const host = createLocalHost({
      socketPath: daemon.socketPath,
      configDir: daemon.configDir,
      client: daemon.clientProgram,
      startCommand: daemon.startCommand,
      stateDir: join(daemon.folder, `state-${configWrite}`),
      configWrite,
    })
    context.own({ [Symbol.asyncDispose]: () => host.close() })
    return { daemon, host }
  }
  const all = subject('all')
  return [
    await preview(context, subject('jails'), 'at the level jails'),
    await preview(context, all, 'at the level all'),
    await applyTen(context, all),
  ]
}

interface Subject {
  readonly daemon: PrivateDaemon
  readonly host: ReturnType<typeof createLocalHost>
}

/** The same test and rehearsal without a change is the reference; both take turns. */
async function preview(context: BenchContext, { daemon, host }: Subject, level: string): Promise<Measure> {
  context.say(`previewing one edit ${ROUNDS} times`)
  const { clientProgram: client, configDir } = daemon
  const { ours, bare } = await timedInTurns(ROUNDS, {
    ours: (index) => host.config.preview({ edits: [setting('jail-0', String(10 + index))] }),
    bare: () => checkConfig({ client }, { path: configDir, configDir }),
  })
  const more = median(ours.map((time, index) => time - (bare[index] ?? 0)))
  const [value, reference] = [median(ours), median(bare)]
  return {
    what: `preview of one edit ${level}, ${JAILS} jails`,
    value,
    unit: 'ms',
    reference: { what: 'fail2ban’s own test and a rehearsal', value: reference },
    wanted: `at most ${WANTED_MORE_MS} ms more, or 1.3 times on a busy machine`,
    ok: more <= WANTED_MORE_MS || value <= reference * 1.3,
    note: `median of ${ROUNDS}; the difference of each pair: ${Math.round(more)} ms`,
  }
}

const setting = (name: string, value: string): Edit => ({
  kind: 'set',
  scope: 'jail',
  name,
  key: 'maxretry',
  value,
})

/** Ten files for five jails; what the daemon was told to load is in its log. */
async function applyTen(context: BenchContext, { daemon, host }: Subject): Promise<Measure> {
  context.say(`applying ten files for ${EDITED} jails`)
  const edits = Array.from({ length: EDITED }, (_, index): Edit[] => {
    const name = `jail-${index}`
    const regex = '^.*Failed login for .* at .* from <HOST>$'
    return [
      { kind: 'file', file: `jail.d/own-${index}.local`, content: `[${name}]\nmaxretry = ${index + 7}\n` },
      { kind: 'set', scope: 'filter', name, section: 'Definition', key: 'failregex', value: regex },
    ]
  }).flat()
  const before = await readFile(daemon.logfile, 'utf8')
  const change = await host.config.stage({ edits, title: 'bench' })
  if (change === undefined) throw new Error('The change was not prepared.')
  const outcome = await host.config.apply(change.changeId)
  const log = (await readFile(daemon.logfile, 'utf8')).slice(before.length)
  const count = (pattern: RegExp) => log.match(pattern)?.length ?? 0
  const [jails, whole] = [count(/Jail '[^']*' reloaded/g), count(/Reload all jails/g)]
  return {
    what: `ten files for ${EDITED} jails, applied: loads of a jail`,
    value: jails,
    unit: 'loads',
    wanted: `${EDITED}, and no load of everything`,
    ok: outcome.applied && change.files.length === EDITED * 2 && jails === EDITED && whole === 0,
    note: `${change.files.length} files; ${whole} loads of everything, by fail2ban's log`,
  }
}
