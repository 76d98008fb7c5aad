import { readdir } from 'node:fs/promises'
import { healthChecks, type HealthCheckId } from '@bangui/shared'
import { expect, it } from 'vitest'
import { checksThatRan } from '../../../test/health.ts'
import { allChecks } from '../all-checks.ts'

// their tests run here too: the last test looks at what they have run. A worker imports each module once, so these are others
for (const name of await readdir(new URL('.', import.meta.url)))
  if (name.endsWith('-checks.test.ts')) await import(`${new URL(name, import.meta.url).pathname}?here`)

/** The catalogue of what is known to go wrong: each of these has been seen, or was reported. */
const known: readonly HealthCheckId[] = [
  'daemon-no-jails',
  'jail-not-running',
  'jail-missing',
  'reload-that-kills',
  'version-skew',
  'drift',
  'daemon-stuck',
  'stale-socket',
  'dead-at-boot',
  'two-daemons',
  'log-missing-at-start',
  'log-gone',
  'log-unreadable',
  'log-new-not-watched',
  'log-silent',
  'log-wrong-place',
  'log-stalled',
  'journal-no-python',
  'journal-empty-match',
  'sshd-session',
  'never-matches',
  'no-date',
  'time-mismatch',
  'clock-off',
  'loglevel-low',
  'findtime-zero',
  'bantime-zero',
  'world-ignored',
  'ignore-name',
  'ignorecommand-fails',
  'many-failures-no-ban',
  'slow-distributed',
  'returns-at-once',
  'increment-without-db',
  'purge-too-short',
  'recidive-blind',
  'usedns',
  'action-fails',
  'binary-missing',
  'not-in-firewall',
  'set-full',
  'cidr-not-blocked',
  'port-mismatch',
  'docker-bypass',
  'accept-before',
  'chain-not-hooked',
  'ufw-off',
  'firewalld-off',
  'other-firewall',
  'ipv6-open',
  'same-name',
  'mail-blocks-bans',
  'proxy-banned',
  'monitor-banned',
  'unknown-key',
  'wrong-file',
  'later-wins',
  'duplicate',
  'enabled-in-default',
  'frozen-copy',
  'purge-db',
  'own-log',
  'security-fixes',
]

it('every problem of the catalogue has a check', () => {
  const ids: readonly string[] = healthChecks.map(({ id }) => id)
  expect(known.filter((id) => !ids.includes(id))).toEqual([])
})

it('every check was run on a failure and on its healthy twin', () => {
  const without = healthChecks.flatMap(({ id }) => {
    const check = allChecks[id]
    const verdicts = [...checksThatRan].flatMap(([ran, found]) => (ran === check ? found : []))
    // two kinds of firewall side by side are no problem: the check only notes them
    const failed = verdicts.some(({ problems = [], note }) => problems.length > 0 || note !== undefined)
    const healthy = verdicts.some(
      ({ problems = [], cannotTell = [], doesNotApply }) =>
        problems.length === 0 && cannotTell.length === 0 && doesNotApply === undefined,
    )
    return [...(failed ? [] : [`${id}: no failure`]), ...(healthy ? [] : [`${id}: no healthy twin`])]
  })
  expect(without).toEqual([])
})
