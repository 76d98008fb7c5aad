import { expect, test } from 'vitest'
import { unbanListed } from './ban-commands.ts'

/** What the daemon is sent to end bans by these ids. */
async function sentFor(ids: readonly string[]): Promise<readonly string[]> {
  let sent: readonly string[] = []
  const request = async (args: readonly string[]) => {
    sent = args
    return ids.length
  }
  expect(await unbanListed({ request }, 'app', ids)).toBe(ids.length)
  return sent
}

test('ids that the daemon lists go back to it unchanged', async () => {
  expect(await sentFor(['example.org', '-x', ' 1.2.3.4'])).toEqual([
    'set',
    'app',
    'unbanip',
    'example.org',
    '-x',
    ' 1.2.3.4',
  ])
})

test.each([
  [
    ['--x', 'example.org'],
    ['example.org', '--x'],
  ],
  [['--x'], ['--report-absent', '--x']],
  [['--report-absent'], ['--report-absent', '--report-absent']],
])('no id is taken for an option: %j', async (ids, args) => {
  expect(await sentFor(ids)).toEqual(['set', 'app', 'unbanip', ...args])
})
