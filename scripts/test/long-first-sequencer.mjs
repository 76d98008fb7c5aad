import { BaseSequencer } from 'vitest/node'

/** Small files that run for long: by their size they would come last, and the other workers would wait for them. */
const long = /\/(?:versions|random-bans|ordinary-user|killed-bans)\.host\.test\.ts$/

/** Begins each project with its long files; the others go by their size, as ever. */
export class LongFirstSequencer extends BaseSequencer {
  async sort(files) {
    const projects = Map.groupBy(await super.sort(files), ({ project }) => project.name)
    return [...projects.values()].flatMap((own) => [
      ...own.filter(({ moduleId }) => long.test(moduleId)),
      ...own.filter(({ moduleId }) => !long.test(moduleId)),
    ])
  }
}
