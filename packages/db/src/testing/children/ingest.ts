import { LOCAL_HOST_ID } from '@bangui/shared'
import { openArchive } from '../../archive/open-archive.ts'

// takes in bans, each once and in order, from where it was ended the last time, until it is killed
const [path = '', total = '0'] = process.argv.slice(2)
const opened = await openArchive({ path })
const archive = opened.forHost(LOCAL_HOST_ID)
const step = 40

async function takeLog(): Promise<void> {
  for (let at = Number(await archive.getCursor('log')); at < Number(total); at += step) {
    const events = Array.from({ length: Math.min(step, Number(total) - at) }, (_, index) => ({
      event: { type: 'ban', restored: false, ...pairOf(at + index), at: timeOf(at + index) + 900 } as const,
      country: 'DE',
      bantime: 600,
    }))
    await archive.ingest({ events, cursor: { name: 'log', value: String(at + events.length) } })
  }
}

async function takeRows(): Promise<void> {
  for (let at = Number(await archive.getCursor('rows')); at < Number(total); at += step) {
    const bans = Array.from({ length: Math.min(step, Number(total) - at) }, (_, index) => ({
      ...pairOf(at + index),
      bannedAt: timeOf(at + index),
      duration: 600,
      times: 1,
      attempts: 5,
      lines: ['a line'],
      country: 'DE',
    }))
    const cursor = { name: 'rows', value: String(at + bans.length) }
    await archive.importBans({ bans, cursor, now: timeOf(0) })
  }
}

function pairOf(index: number) {
  return { jail: 'sshd', address: `198.51.${index >> 8}.${index & 255}` }
}

function timeOf(index: number): number {
  return 1_777_640_400_000 + index * 1000
}

process.stdout.write('"started"\n')
await Promise.all([takeLog(), takeRows()])
await opened.close()
process.stdout.write('"done"\n')
