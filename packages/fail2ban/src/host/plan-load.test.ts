import { describe, expect, it } from 'vitest'
import type { JailDifference, StreamComparison } from '../config/compare-streams.ts'
import { planLoad } from './plan-load.ts'

const comparison = (
  jails: Record<string, JailDifference>,
  daemon: Record<string, string | null> = {},
): StreamComparison => ({ jails: new Map(Object.entries(jails)), daemon: new Map(Object.entries(daemon)) })

const running = ['app', 'web']

describe('the load of a change', () => {
  it('starts and reloads before it restarts and stops, since a jail that is refused ends it', () => {
    const jails = { app: 'removed', web: 'restart', spare: 'added', other: 'reload' } as const
    const input = { asked: [], comparison: comparison(jails), running: [...running, 'other'] }
    expect(planLoad(input).load).toEqual([
      { jail: 'spare', how: 'start' },
      { jail: 'other', how: 'reload' },
      { jail: 'web', how: 'restart' },
      { jail: 'app', how: 'stop' },
    ])
  })

  it('leaves jails alone that do not run', () => {
    const jails = { spare: 'reload', other: 'restart', third: 'removed' } as const
    expect(planLoad({ asked: [], comparison: comparison(jails), running })).toEqual({ load: [], runtime: [] })
  })

  it('restarts a jail that runs and that fail2ban could not read before', () => {
    expect(planLoad({ asked: [], comparison: comparison({ web: 'added' }), running }).load).toEqual([
      { jail: 'web', how: 'restart' },
    ])
  })

  it('is what an edit asks for, and a restart where an action differs', () => {
    const asked = [{ jail: 'web', how: 'reload' }] as const
    const load = (difference: JailDifference) =>
      planLoad({ asked, comparison: comparison({ web: difference }), running }).load
    expect(load('reload')).toEqual(asked)
    expect(load('added')).toEqual(asked)
    expect(load('restart')).toEqual([{ jail: 'web', how: 'restart' }])
    expect(planLoad({ asked, comparison: null, running }).load).toEqual(asked)
  })

  it('sets settings of fail2ban that a running daemon takes', () => {
    expect(planLoad({ asked: [], comparison: comparison({}, { loglevel: 'DEBUG' }), running })).toEqual({
      load: [],
      runtime: [{ jail: null, key: 'loglevel', value: 'DEBUG' }],
    })
  })

  it('is a restart of fail2ban for its other settings', () => {
    const daemon = { loglevel: 'DEBUG', dbfile: 'None' }
    expect(planLoad({ asked: [], comparison: comparison({ web: 'reload' }, daemon), running })).toEqual({
      load: 'daemon-restart',
      runtime: [],
    })
  })
})
