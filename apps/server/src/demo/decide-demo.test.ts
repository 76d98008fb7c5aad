import { expect, test } from 'vitest'
import { decideDemo, type DemoFacts } from './decide-demo.ts'

const bare: DemoFacts = {
  mode: 'auto',
  socketGiven: false,
  socket: 'missing',
  setupComplete: false,
  daemonRunning: false,
  serviceEnabled: false,
}

const cases: { title: string; facts: Partial<DemoFacts>; start: boolean }[] = [
  { title: 'npm start on a machine without fail2ban shows the demo', facts: {}, start: true },
  { title: 'bangui serve never does', facts: { mode: 'never' }, start: false },
  { title: 'a given socket is managed, present or not', facts: { socketGiven: true }, start: false },
  { title: 'a socket that is there is managed', facts: { socket: 'present' }, start: false },
  { title: 'a socket that is closed to us is not hidden', facts: { socket: 'unreachable' }, start: false },
  { title: 'a completed setup is not covered by a demo', facts: { setupComplete: true }, start: false },
  {
    title: 'a running daemon without its socket is not hidden',
    facts: { daemonRunning: true },
    start: false,
  },
  { title: 'an enabled service that is down is not hidden', facts: { serviceEnabled: true }, start: false },
  {
    title: 'asked for, it starts whatever is on the machine',
    facts: {
      mode: 'always',
      socketGiven: true,
      socket: 'present',
      setupComplete: true,
      daemonRunning: true,
      serviceEnabled: true,
    },
    start: true,
  },
]

test.each(cases)('$title', ({ facts, start }) => {
  const decision = decideDemo({ ...bare, ...facts })
  expect(decision.start).toBe(start)
  expect(decision.because).toMatch(/^[A-Z].*\.$/)
})
