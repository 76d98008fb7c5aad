/** Where Zod looks for its settings when a model is created; https://zod.dev/api?id=jitless */
type ZodSettings = { __zod_globalConfig?: { jitless?: boolean } }

/**
 * Lets models be parsed without functions that are made from text, which the content security policy refuses. To be
 * called before the first model is created, so without importing Zod, which only some pages need.
 */
export function validateWithoutEval(): void {
  const settings = globalThis as ZodSettings
  settings.__zod_globalConfig = { ...settings.__zod_globalConfig, jitless: true }
}
