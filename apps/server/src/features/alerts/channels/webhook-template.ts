/**
 * Returns a template with its placeholders replaced; undefined: the template is no JSON. Only strings of valid JSON can
 * have placeholders in them, and a value is written as the inside of such a string, so no value can end it. Unknown
 * placeholders stay.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string | undefined {
  if (!isJson(template)) return undefined
  return template.replaceAll(/\{\{\s*([a-z]+)\s*\}\}/g, (found, name: string) =>
    Object.hasOwn(values, name) ? JSON.stringify(values[name]).slice(1, -1) : found,
  )
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false // what the user wrote is no JSON
  }
}
