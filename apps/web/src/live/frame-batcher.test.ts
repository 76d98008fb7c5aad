// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { createFrameBatcher } from './frame-batcher.ts'

function setUp() {
  const batches: number[][] = []
  const frames = new Set<() => void>()
  const batcher = createFrameBatcher<number>(
    (items) => batches.push([...items]),
    (callback) => {
      frames.add(callback)
      return () => frames.delete(callback)
    },
  )
  const drawFrame = () => {
    const due = [...frames]
    frames.clear()
    for (const callback of due) callback()
  }
  return { batches, batcher, drawFrame, frames }
}

describe('createFrameBatcher', () => {
  it('passes on the first item after a quiet moment at once', () => {
    const { batches, batcher } = setUp()
    batcher.push(1)
    expect(batches).toEqual([[1]])
  })

  it('passes on what follows in one batch a frame, in order', () => {
    const { batches, batcher, drawFrame } = setUp()
    for (const item of [1, 2, 3]) batcher.push(item)
    expect(batches).toEqual([[1]])
    drawFrame()
    expect(batches).toEqual([[1], [2, 3]])
    batcher.push(4)
    expect(batches).toHaveLength(2)
    drawFrame()
    expect(batches).toEqual([[1], [2, 3], [4]])
  })

  it('asks for no frame once it is quiet', () => {
    const { batcher, drawFrame, frames, batches } = setUp()
    batcher.push(1)
    drawFrame()
    expect(frames.size).toBe(0)
    batcher.push(2)
    expect(batches).toEqual([[1], [2]])
  })

  it('passes on nothing once it is stopped', () => {
    const { batches, batcher, drawFrame } = setUp()
    batcher.push(1)
    batcher.push(2)
    batcher.stop()
    drawFrame()
    expect(batches).toEqual([[1]])
  })
})
