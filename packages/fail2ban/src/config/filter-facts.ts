import type { ConfigTree } from './config-model.ts'
import { createFileSource } from './file-source.ts'
import { readTree } from './read-config.ts'
import { resolveDefinition } from './resolve-jail.ts'

/** A filter as its files have it. */
export interface FilterFacts {
  /** the values of its parameter `mode`, as far as its files name them; empty: it has none */
  readonly modes: readonly string[]
  /** the failregexes in fail2ban's order, with everything filled in but `<HOST>` and the like */
  readonly failregex: readonly string[]
  readonly datepattern: string | null
}

/** Returns the modes of a filter: stock filters have an option for each, `mdre-aggressive`. */
export function modesOf(tree: ConfigTree): string[] {
  const keys = [...(tree.sections.get('Definition')?.options.keys() ?? [])]
  const modes = keys.flatMap((key) => /^mdre-(\w+)$/.exec(key)?.slice(1) ?? [])
  return [...new Set(modes)]
}

/** Returns everything that the files of a filter set, its includes and all, as one text to compare. */
export async function describeFilter(folder: string, name: string): Promise<string> {
  const { defaults, sections } = await readTree(createFileSource(), folder, `filter.d/${name}`)
  const rawOf = (options: ConfigTree['defaults']) => [...options].map(([key, { raw }]) => [key, raw])
  return JSON.stringify([rawOf(defaults), [...sections].map(([key, { options }]) => [key, rawOf(options)])])
}

/** Reads a filter of a folder. `file` is its name in `filter.d` with its ending. */
export async function readFilterFacts(folder: string, file: string, mode?: string): Promise<FilterFacts> {
  const name = file.replace(/\.(?:conf|local)$/, '')
  const tree = await readTree(createFileSource(), folder, `filter.d/${name}`)
  const given = mode === undefined ? [] : [['mode', mode] as const]
  const { values } = resolveDefinition(tree, { name, kind: 'filter', given })
  const failregex = values.get('failregex')?.text.split('\n') ?? []
  return {
    modes: modesOf(tree),
    failregex: failregex.map((line) => line.trim()).filter((line) => line !== ''),
    datepattern: values.get('datepattern')?.text ?? null,
  }
}
