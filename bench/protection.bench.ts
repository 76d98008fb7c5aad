import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { BenchContext, Measure } from './lib/bench.ts'
import { startProgram } from './lib/program.ts'

const DEADLINE_MS = 5 * 60_000
const WANTED_CPU_MS = 1000
const WANTED_DELAY_MS = 20
/** The first run compiles; the checks run every minute, every five minutes and every hour. */
const RUNS = 3

const program = fileURLToPath(new URL('programs/protection-checks.ts', import.meta.url))

/** All checks of the protection on a real fail2ban with 20 jails and 5,000 bans, in sets of a real nftables where there is one. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const hasFirewall = spawnSync('unshare', ['--net', 'nft', 'list', 'ruleset']).status === 0
  context.say(`banning 5,000 addresses in 20 jails${hasFirewall ? '' : ', without a firewall'}`)
  const checks = context.own(
    startProgram({
      under: hasFirewall ? ['unshare', '--net'] : [],
      args: ['--conditions=@bangui/source', program, ...(hasFirewall ? ['firewall'] : [])],
    }),
  )
  const runs: Readonly<Record<string, number>>[] = []
  while (runs.length < RUNS) runs.push((await checks.line('run', DEADLINE_MS)) as Record<string, number>)
  const status = Number((await checks.line('status', DEADLINE_MS))['children'])
  // it ends its fail2ban first
  await checks.ended
  const most = (of: (run: Readonly<Record<string, number>>) => number) => Math.max(...runs.map(of))
  const cpu = most(({ own = 0, children = 0 }) => own + children)
  const p99 = most(({ p99: delay = 0 }) => delay)
  const idle = most(({ idleP99 = 0 }) => idleP99)
  const last = runs.at(-1) ?? {}
  return [
    {
      what: 'processor time of all checks of the protection, 20 jails and 5,000 bans',
      value: cpu,
      unit: 'ms',
      reference: { what: 'fail2ban-client status of each jail', value: status },
      wanted: 'under 1,000 ms, and no more than the reference',
      ok: cpu < WANTED_CPU_MS && cpu <= status,
      note: `the dearest of ${RUNS} runs, with the programs that it ran${hasFirewall ? ' (bans in nftables)' : ' (no firewall)'}; the last one ${Math.round(Number(last['own']) + Number(last['children']))} ms`,
    },
    {
      what: 'event-loop delay meanwhile, p99',
      value: p99,
      unit: 'ms',
      reference: { what: 'an idle thread of that process', value: idle },
      wanted: 'under 20 ms, or on a busy machine at most 3 times',
      ok: p99 < WANTED_DELAY_MS || p99 <= idle * 3,
      note: `the worst of ${RUNS} runs; at most ${Math.round(most(({ max = 0 }) => max))} ms`,
    },
  ]
}
