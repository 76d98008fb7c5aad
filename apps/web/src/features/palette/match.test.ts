// @vitest-environment node
import { expect, test } from 'vitest'
import { type Command, matchCommands } from './match.ts'

const command = (label: string, keywords?: string): Command => ({
  id: label,
  group: 'Go to',
  label,
  keywords,
  run: () => {},
})
const all = [
  command('Overview', 'home'),
  command('Jails'),
  command('nginx-botsearch'),
  command('sshd'),
  command('Use the dark theme', 'night'),
]
const labels = (typed: string) => matchCommands(all, typed).map((each) => each.label)

test('without text, all commands match in their order', () => {
  expect(matchCommands(all, '  ')).toBe(all)
})

test.each([
  ['ssh', 'sshd'],
  ['bot', 'nginx-botsearch'],
  ['home', 'Overview'],
  ['dark theme', 'Use the dark theme'],
  ['ngbs', 'nginx-botsearch'],
  ['NIGHT', 'Use the dark theme'],
])('"%s" finds %s first', (typed, label) => {
  expect(labels(typed)[0]).toBe(label)
})

test('every word of the text has to match', () => {
  expect(labels('dark jail')).toEqual([])
  expect(labels('zzz')).toEqual([])
})
