import type { Jail } from '@bangui/shared'
import { expect, test, vi } from 'vitest'
import { currentTheme, setTheme } from '../../lib/theme.ts'
import { listCommands } from './commands.ts'

const jail: Jail = {
  name: 'nginx-http-auth',
  enabled: true,
  running: true,
  backend: 'auto',
  currentlyBanned: 0,
  totalBanned: 0,
  currentlyFailed: 0,
  totalFailed: 0,
  filter: null,
  logPaths: [],
  bantime: 600,
  findtime: 600,
  maxretry: 5,
  problem: null,
}
const sources = () => ({
  jails: [
    jail,
    { ...jail, name: 'broken', problem: 'no log' },
    { ...jail, name: 'unused', enabled: false, running: false, problem: 'no log' },
  ],
  online: true,
  navigate: vi.fn<(path: string) => void>(),
  probe: () => Promise.reject(new Error('not asked')),
  signOut: vi.fn<() => void>(),
  describe: () => ({ message: '' }),
})

test('the palette offers each jail with its state, and opens its page', () => {
  const given = sources()
  const commands = listCommands(given)
  const found = commands.find((command) => command.label === 'nginx-http-auth')
  found?.run()
  expect(found?.hint).toBe('Running')
  expect(given.navigate).toHaveBeenCalledWith('/jails/nginx-http-auth')
  expect(commands.find((command) => command.label === 'broken')?.hint).toBe('Needs attention')
  expect(commands.find((command) => command.label === 'unused')?.hint).toBe('Off')
})

test('the palette can change the theme', () => {
  listCommands(sources())
    .find((command) => command.label === 'Use the dark theme')
    ?.run()
  expect(currentTheme()).toBe('dark')
  setTheme('system')
})

test('the palette can sign out', () => {
  const given = sources()
  listCommands(given)
    .find((command) => command.label === 'Sign out')
    ?.run()
  expect(given.signOut).toHaveBeenCalledOnce()
})
