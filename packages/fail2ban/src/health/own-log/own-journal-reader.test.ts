import { expect, it } from 'vitest'
import { createOwnJournalReader } from './own-journal-reader.ts'

const T0 = Date.UTC(2026, 10, 30, 12)
const entry = (second: number, [logger, priority]: readonly [string, number], message: string) =>
  `${JSON.stringify({
    __CURSOR: `s=6b2;i=${second};b=51c`,
    __REALTIME_TIMESTAMP: String((T0 + second * 1000) * 1000),
    _PID: '77',
    LOGGER: `fail2ban.${logger}`,
    PRIORITY: String(priority),
    MESSAGE: message,
  })}\n`

it('fail2ban\u2019s log in the journal says what its file would, and is read on from where it stopped', async () => {
  const asked: string[][] = []
  const parts = [
    entry(0, ['server', 6], 'Starting Fail2ban v1.0.2') +
      entry(1, ['jail', 6], "Jail 'sshd' started") +
      entry(2, ['utils', 3], '7f -- exec: iptables -N f2b-sshd\nfor x in y; do\ndone') +
      entry(2, ['utils', 3], "7f -- stderr: '/bin/sh: 1: iptables: not found'") +
      entry(2, ['utils', 3], '7f -- returned 127') +
      entry(
        2,
        ['actions', 3],
        "Failed to execute ban jail 'sshd' action 'iptables' info 'x': Error banning 192.0.2.1",
      ),
    entry(60, ['filter', 4], "[sshd] Found a match but no valid date/time found for 'x'."),
  ]
  const reader = createOwnJournalReader(
    () => T0 + 90_000,
    async (args, onStdout) => {
      asked.push([...args])
      onStdout(Buffer.from(parts.shift() ?? ''))
      return { ok: true, output: '' }
    },
  )
  expect(await reader.read()).toMatchObject({
    startedAt: T0,
    loadedAt: T0 + 1000,
    failures: [{ jail: 'sshd', action: 'iptables', verb: 'ban', count: 1 }],
  })
  expect((await reader.read()).notes.map(({ kind, jail }) => [kind, jail])).toEqual([['no-date', 'sshd']])
  expect(asked.map(([first]) => first)).toEqual(['--lines=20000', '--after-cursor=s=6b2;i=2;b=51c'])
})

it('a journal that cannot be read says why', async () => {
  const reader = createOwnJournalReader(
    () => T0,
    async () => ({
      ok: false,
      output: 'Hint: x\nNo journal files were opened due to insufficient permissions.',
    }),
  )
  await expect(reader.read()).rejects.toThrow('insufficient permissions')
})
