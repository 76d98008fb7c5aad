import { desktop } from './looks.ts'
import { wear } from './screens.ts'
import type { Visitor } from './visitor.ts'
import type { World } from './world.ts'

/**
 * Returns a function that opens a window in a world once, and returns the same one from then on, at the size of a desktop.
 * A look at a page of a shared world costs a fail2ban, a server and a window less than one with a world of its own.
 */
export function openOnce<TOpened extends Visitor>(open: (world: World) => Promise<TOpened>) {
  const opened = new WeakMap<World, Promise<TOpened>>()
  return async (world: World): Promise<TOpened> => {
    const opening = opened.get(world) ?? open(world)
    opened.set(world, opening)
    const visitor = await opening
    await wear(visitor.page, desktop)
    return visitor
  }
}
