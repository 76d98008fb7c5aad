import { cleanText, type HealthProblem } from '@bangui/shared'

const limits = { title: 300, detail: 2000, remedy: 2000, subject: 300, line: 2000 } as const
const MAX_EVIDENCE = 20

type ProblemText = Pick<HealthProblem, 'severity' | 'title' | 'detail' | 'remedy'> &
  Partial<Pick<HealthProblem, 'jail' | 'subject' | 'fix' | 'action'>> & {
    readonly evidence?: readonly string[]
  }

/** Returns a problem with its texts cleaned and bounded; of much evidence the newest, which is last, is kept. */
export const problemOf = ({ evidence = [], subject = '', ...rest }: ProblemText): HealthProblem => ({
  jail: null,
  fix: null,
  action: null,
  ...rest,
  subject: bounded(subject, limits.subject),
  title: bounded(rest.title, limits.title),
  detail: bounded(rest.detail, limits.detail),
  remedy: bounded(rest.remedy, limits.remedy),
  evidence: evidence.slice(-MAX_EVIDENCE).map((line) => bounded(line, limits.line)),
})

function bounded(text: string, limit: number): string {
  const clean = cleanText(text)
  return clean.length <= limit ? clean : `${clean.slice(0, limit - 1)}…`
}
