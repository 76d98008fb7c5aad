import { describe, expect, it } from 'vitest'
import { createTestLog } from '../test/silent-log.ts'
import { createStages } from './stages.ts'

function recorded() {
  const { log } = createTestLog()
  const stages = createStages(log)
  const calls: string[] = []
  const stage = (name: string, start: () => Promise<void> = async () => undefined) => ({
    name,
    start: async () => {
      await start()
      calls.push(`+${name}`)
    },
    stop: async () => {
      await new Promise((resolve) => setImmediate(resolve))
      calls.push(`-${name}`)
    },
  })
  return { stages, calls, stage }
}

describe('the stages of a start', () => {
  it('stop in reverse, once, however often they are asked to', async () => {
    const { stages, calls, stage } = recorded()
    for (const name of ['a', 'b', 'c']) await stages.run(stage(name))
    await Promise.all([stages.stop(), stages.stop()])
    expect(calls).toEqual(['+a', '+b', '+c', '-c', '-b', '-a'])
  })

  it('undo the started ones when one fails, and name it', async () => {
    const { stages, calls, stage } = recorded()
    await stages.run(stage('a'))
    await stages.run(stage('b'))
    const failing = stages.run(stage('c', () => Promise.reject(new Error('no port'))))
    await expect(failing).rejects.toMatchObject({ stage: 'c', message: 'no port' })
    expect(calls).toEqual(['+a', '+b', '-b', '-a'])
  })

  it('undo a stage that was on its way when the stop came, before the ones it stands on', async () => {
    const { stages, calls, stage } = recorded()
    await stages.run(stage('a'))
    let release: () => void = () => undefined
    const running = stages.run(stage('b', () => new Promise((resolve) => (release = resolve))))
    const stopped = stages.stop()
    release()
    await expect(running).rejects.toThrow('interrupted')
    await stopped
    expect(calls).toEqual(['+a', '+b', '-b', '-a'])
    await expect(stages.run(stage('c'))).rejects.toThrow('interrupted')
  })
})
