import { createSignal } from 'solid-js'
import { describeError, type Problem } from './errors.ts'

/** Sentences by the path of the field that they are about: `name`, `quiet.from`, `addresses.2`. */
type FieldErrors = Readonly<Record<string, string>>

export type SubmitOptions<TArgs extends readonly unknown[]> = {
  /** sends what the form holds */
  send: (...args: TArgs) => Promise<unknown>
  /** Returns what is wrong before anything is sent. @default nothing */
  check?: () => FieldErrors
  /** the fields beside which the form shows what is wrong with them, or with what is inside them @default none */
  fields?: readonly string[]
}

/** Sends a form, at most once at a time, and keeps why it was refused: beside the fields, or as a whole. */
export function createSubmit<TArgs extends readonly unknown[]>({
  send,
  check,
  fields = [],
}: SubmitOptions<TArgs>) {
  const [busy, setBusy] = createSignal(false)
  const [errors, setErrors] = createSignal<FieldErrors>({})
  const [refusal, setRefusal] = createSignal<Problem>()
  const forget = () => {
    setErrors({})
    setRefusal(undefined)
  }
  const refuse = (problem: Problem) => {
    const found = firstErrors(problem.fieldErrors ?? {})
    const paths = Object.keys(found)
    const isShown = paths.length > 0 && paths.every((path) => fields.some((field) => isAt(path, field)))
    setErrors(found)
    if (!isShown) setRefusal(problem)
  }
  const submit = async (...args: TArgs) => {
    if (busy()) return
    forget()
    const wrong = check?.() ?? {}
    if (Object.keys(wrong).length > 0) return void setErrors(wrong)
    setBusy(true)
    try {
      await send(...args)
    } catch (error) {
      refuse(describeError(error))
    } finally {
      setBusy(false)
    }
  }
  return {
    busy,
    /** why the form was refused, as far as no field shows it */
    refusal,
    submit,
    forget,
    /** Removes what was wrong with a field that is changed. */
    forgetField: (field: string) =>
      setErrors((all) => Object.fromEntries(Object.entries(all).filter(([path]) => !isAt(path, field)))),
    /** Returns what is wrong with a field, or with the first of its lines that is wrong. */
    errorOf: (field: string): string | undefined => errors()[field] ?? errorOfLine(errors(), field),
  }
}

const isAt = (path: string, field: string) => path === field || path.startsWith(`${field}.`)

const firstErrors = (errors: Readonly<Record<string, readonly string[]>>): FieldErrors =>
  Object.fromEntries(Object.entries(errors).flatMap(([path, [first]]) => (first ? [[path, first]] : [])))

function errorOfLine(errors: FieldErrors, field: string): string | undefined {
  for (const [path, message] of Object.entries(errors)) {
    const line = isAt(path, field) ? path.slice(field.length + 1) : ''
    if (/^\d+$/.test(line)) return `Line ${Number(line) + 1}: ${message}`
  }
  return undefined
}
